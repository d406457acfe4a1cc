namespace Streaming.Engine.Checkpoints;

/// <summary>What a slot vouches for: every event of its shard before these marks is in its snapshots.</summary>
/// <param name="Flush">Counts the manifests written in this generation, from 1.</param>
/// <param name="Durable">The marks.</param>
internal sealed record ShardManifest(long Flush, Marks Durable)
{
    /// <summary>
    /// The manifest that a flush ends with. The progress must have been noted before the flush looked for entities to write: what is
    /// confirmed later may be in none of its snapshots.
    /// </summary>
    public static ShardManifest After(ShardManifest? before, Marks progressAtBeginning) =>
        new((before?.Flush ?? 0) + 1, (before?.Durable ?? Marks.None).Advance(progressAtBeginning));
}
