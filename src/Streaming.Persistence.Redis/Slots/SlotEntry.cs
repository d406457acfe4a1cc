namespace Streaming.Persistence.Redis.Slots;

/// <summary>One entity's snapshot.</summary>
/// <param name="Key">The entity's key; not empty.</param>
/// <param name="Snapshot">Its bytes, opaque to the store. Not copied: leave them alone until a write has ended.</param>
public readonly record struct SlotEntry(string Key, ReadOnlyMemory<byte> Snapshot);
