namespace Streaming.Scoring.Circuits;

/// <summary>Whether a circuit lets a call through.</summary>
public enum CircuitPass : byte
{
    /// <summary>The circuit is open: the call is not made.</summary>
    Refused,

    /// <summary>The circuit is closed.</summary>
    Closed,

    /// <summary>The circuit is half open, and this call decides whether it closes.</summary>
    Probe,
}
