namespace Streaming.Persistence.Redis.Slots;

/// <summary>
/// A slot that was taken. For one writer at a time; reads may run beside it. A write is refused with <see cref="SlotFencedException"/>
/// once another has taken the slot: the owner is to end, for it will never write again.
/// </summary>
/// <remarks>
/// A write that failed with <see cref="SlotStoreException"/>, or was cancelled, may or may not have happened, or may still happen: it can
/// lie in a buffer of a server that hangs. So that it does not land on top of a later write, the next write first raises the
/// epoch of the own token; what is late is then refused.
/// </remarks>
public interface IShardSlot
{
    /// <summary>Which slot.</summary>
    SlotAddress Address { get; }

    /// <summary>The own token. Its epoch rises after an unclear write; its owner stays.</summary>
    SlotToken Token { get; }

    /// <summary>The manifest as it was when the slot was taken; null when there was none.</summary>
    ReadOnlyMemory<byte>? Manifest { get; }

    /// <summary>
    /// Writes snapshots, each over the one that its key had, in batches several of which are on their way at once. Each batch is written as
    /// a whole or not at all; all of them are when this ends. No key twice in one call.
    /// </summary>
    Task WriteAsync(ReadOnlyMemory<SlotEntry> entries, CancellationToken cancellation);

    /// <summary>Deletes snapshots, in batches as <see cref="WriteAsync"/>. A key without one is no mistake.</summary>
    Task DeleteAsync(ReadOnlyMemory<string> keys, CancellationToken cancellation);

    /// <summary>Writes the manifest. What it vouches for must have been written before: await that first.</summary>
    Task WriteManifestAsync(ReadOnlyMemory<byte> manifest, CancellationToken cancellation);

    /// <summary>One entity's snapshot; null when there is none.</summary>
    Task<ReadOnlyMemory<byte>?> LoadAsync(string key, CancellationToken cancellation);

    /// <summary>
    /// All snapshots, in no order, a page at a time: memory is that of two pages. What is written meanwhile may be seen or not; a key may
    /// come twice then.
    /// </summary>
    IAsyncEnumerable<SlotEntry> LoadAllAsync(CancellationToken cancellation);

    /// <summary>Whether the slot is still ours.</summary>
    Task<bool> CheckAsync(CancellationToken cancellation);
}
