namespace Streaming.Log.Streams;

/// <summary>How many offsets are committed together. Commits follow one another: one that overtakes another would set a partition back.</summary>
public sealed record CommitterSettings
{
    /// <summary>Offsets of one commit at most.</summary>
    public int MaxBatch { get; init; } = 1_000;

    /// <summary>How long an offset waits for others at most.</summary>
    public TimeSpan MaxInterval { get; init; } = TimeSpan.FromSeconds(10);
}
