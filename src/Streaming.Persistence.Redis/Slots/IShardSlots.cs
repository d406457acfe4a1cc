namespace Streaming.Persistence.Redis.Slots;

/// <summary>
/// The slots of all shards: docs/persistence.md. Thread-safe. Every call ends within the store's call timeout, or when it is cancelled.
/// Failed I/O is a <see cref="SlotStoreException"/>.
/// </summary>
public interface IShardSlots
{
    /// <summary>The generations, and the one that answers.</summary>
    IGenerations Generations { get; }

    /// <summary>
    /// Takes a slot from whoever has it: writes a token one epoch higher and reads the manifest, at once. From then on every write of an
    /// earlier owner is refused. After a failure the take may have happened; take again.
    /// </summary>
    /// <param name="address">The slot; it need not exist.</param>
    /// <param name="owner">New for each keeper that starts.</param>
    /// <param name="cancellation">Ends the wait, not what the store may already do.</param>
    Task<IShardSlot> TakeAsync(SlotAddress address, Guid owner, CancellationToken cancellation);

    /// <summary>One entity's snapshot as last written, for those who do not own the slot; null when there is none.</summary>
    Task<ReadOnlyMemory<byte>?> ReadAsync(SlotAddress address, string key, CancellationToken cancellation);

    /// <summary>The slot's manifest as last written, for those who do not own it; null when there is none.</summary>
    Task<ReadOnlyMemory<byte>?> ReadManifestAsync(SlotAddress address, CancellationToken cancellation);
}
