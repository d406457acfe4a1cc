namespace Streaming.Simulation.Seeding;

/// <summary>What a seed is writing.</summary>
public enum SeedPhase
{
    /// <summary>The past.</summary>
    History,

    /// <summary>What happens now; the history is written.</summary>
    Live,

    /// <summary>Nothing more: the history is written, and no live events were asked for.</summary>
    Ended,
}
