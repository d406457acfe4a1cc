namespace Streaming.Simulation.Generators;

/// <summary>How a generated transaction came to be fraud. The truth of the simulator, never an input of a model.</summary>
public enum FraudScenario : byte
{
    /// <summary>Not a fraud.</summary>
    None = 0,

    /// <summary>An amount over 220; the check that a model learns anything at all.</summary>
    LargeAmount = 1,

    /// <summary>Any transaction at a terminal while it is compromised.</summary>
    CompromisedTerminal = 2,

    /// <summary>A third of a card's transactions while it is compromised, with five times the amount.</summary>
    CompromisedCard = 3,
}
