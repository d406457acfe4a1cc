namespace Streaming.Engine.Checkpoints;

/// <summary>What a slot vouches for: every event of its shard before these marks is in its snapshots.</summary>
/// <param name="Flush">Counts the manifests written in this generation, from 1.</param>
/// <param name="Durable">The marks.</param>
/// <param name="SinceMillis">
/// The event time that the slot remembers entities since: those whose state can matter no more at it may be missing. The smallest number
/// where none is.
/// </param>
internal sealed record ShardManifest(long Flush, Marks Durable, long SinceMillis = long.MinValue)
{
    /// <summary>
    /// The manifest that a flush ends with. The progress must have been noted before the flush looked for entities to write: what is
    /// confirmed later may be in none of its snapshots.
    /// </summary>
    /// <param name="before">The manifest that the slot has; null for none.</param>
    /// <param name="progressAtBeginning">The progress.</param>
    /// <param name="sinceMillis">What the slot may forget from now on, as <see cref="SinceMillis"/>; it never goes back.</param>
    public static ShardManifest After(ShardManifest? before, Marks progressAtBeginning, long sinceMillis) => new(
        (before?.Flush ?? 0) + 1,
        (before?.Durable ?? Marks.None).Advance(progressAtBeginning),
        Math.Max(before?.SinceMillis ?? long.MinValue, sinceMillis));
}
