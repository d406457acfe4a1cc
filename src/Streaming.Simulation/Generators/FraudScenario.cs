namespace Streaming.Simulation.Generators;

/// <summary>Why a generated transaction is fraud. The simulator's ground truth, never a model's input.</summary>
public enum FraudScenario : byte
{
    /// <summary>Not a fraud.</summary>
    None = 0,

    /// <summary>An amount over 220; a check that a model learns at all.</summary>
    LargeAmount = 1,

    /// <summary>Any transaction at a terminal while it is compromised.</summary>
    CompromisedTerminal = 2,

    /// <summary>A third of a card's transactions while it is compromised, with five times the amount.</summary>
    CompromisedCard = 3,
}
