using Streaming.Persistence.Redis;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Persistence.Conformance;

/// <summary>The slots of a <see cref="MemoryStore"/>; several may share one, as nodes share a server.</summary>
public sealed class MemoryShardSlots(MemoryStore store) : IShardSlots
{
    /// <inheritdoc/>
    public IGenerations Generations { get; } = new MemoryGenerations(store);

    /// <inheritdoc/>
    public async Task<IShardSlot> TakeAsync(SlotAddress address, Guid owner, CancellationToken cancellation)
    {
        address.Validate();
        var taken = MemorySlotState.Empty;
        await store.ChangeAsync(
            state =>
            {
                taken = state[address] with { Token = new((state[address].Token?.Epoch ?? 0) + 1, owner), Writes = 0 };
                return state.With(address, taken);
            },
            cancellation);
        return new MemoryShardSlot(store, address, taken.Token!.Value, taken.Manifest);
    }

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>?> ReadAsync(SlotAddress address, string key, CancellationToken cancellation)
    {
        address.Validate();
        return store.ReadAsync(state => Bytes(state[address].Entities.GetValueOrDefault(key)), cancellation);
    }

    /// <inheritdoc/>
    public Task<ReadOnlyMemory<byte>?> ReadManifestAsync(SlotAddress address, CancellationToken cancellation)
    {
        address.Validate();
        return store.ReadAsync(state => Bytes(state[address].Manifest), cancellation);
    }

    internal static ReadOnlyMemory<byte>? Bytes(byte[]? bytes) => bytes is null ? default(ReadOnlyMemory<byte>?) : bytes;
}
