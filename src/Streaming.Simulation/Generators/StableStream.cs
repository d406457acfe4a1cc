namespace Streaming.Simulation.Generators;

/// <summary>What a random sequence is for; each purpose has its own, so that changing one leaves the others' numbers alone.</summary>
internal enum StableStream
{
    Terminals = 1,
    Cards = 2,
    TransactionDay = 3,
    CompromisedTerminals = 4,
    CompromisedCards = 5,
    Items = 6,
    Users = 7,
    ClickDay = 8,
}
