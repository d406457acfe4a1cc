using System.Runtime.CompilerServices;
using Streaming.Persistence.Redis;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Persistence.Conformance;

internal sealed class MemoryShardSlot(MemoryStore store, SlotAddress address, SlotToken token, byte[]? manifest) : IShardSlot
{
    private bool _unclear;
    private long _writes;

    public SlotAddress Address => address;

    public SlotToken Token { get; private set; } = token;

    public ReadOnlyMemory<byte>? Manifest => MemoryShardSlots.Bytes(manifest);

    public async Task WriteAsync(ReadOnlyMemory<SlotEntry> entries, CancellationToken cancellation)
    {
        for (var rest = entries; !rest.IsEmpty; rest = rest[Math.Min(rest.Length, store.BatchEntries)..])
        {
            // Copied now: the caller may change its bytes once the write has ended, also where it was held.
            var batch = rest[..Math.Min(rest.Length, store.BatchEntries)].ToArray()
                .Select(entry => KeyValuePair.Create(entry.Key, entry.Snapshot.ToArray())).ToArray();
            await ChangeAsync(slot => slot with { Entities = slot.Entities.SetItems(batch) }, cancellation);
        }
    }

    public Task DeleteAsync(ReadOnlyMemory<string> keys, CancellationToken cancellation)
    {
        var gone = keys.ToArray();
        return ChangeAsync(slot => slot with { Entities = slot.Entities.RemoveRange(gone) }, cancellation);
    }

    public Task WriteManifestAsync(ReadOnlyMemory<byte> manifest, CancellationToken cancellation)
    {
        var bytes = manifest.ToArray();
        return ChangeAsync(slot => slot with { Manifest = bytes }, cancellation);
    }

    public Task<ReadOnlyMemory<byte>?> LoadAsync(string key, CancellationToken cancellation)
    {
        var own = Own();
        return store.ReadAsync(state => MemoryShardSlots.Bytes(own(state).Entities.GetValueOrDefault(key)), cancellation);
    }

    public async IAsyncEnumerable<SlotEntry> LoadAllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var (key, snapshot) in await store.ReadAsync(state => state[address].Entities, cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return new(key, snapshot);
        }

        await store.ReadAsync(Own(), cancellation);
    }

    public async Task<bool> CheckAsync(CancellationToken cancellation)
    {
        try
        {
            await RenewIfUnclearAsync(cancellation);
            await store.ReadAsync(Own(), cancellation);
            return true;
        }
        catch (SlotFencedException)
        {
            return false;
        }
    }

    // The slot, where it is ours and has all that we know to be written: now, before the store is asked, for writes go on beside a read.
    // A write that is not answered counts as not written.
    private Func<MemoryState, MemorySlotState> Own()
    {
        var (own, writes) = (Token, _writes);
        return state => state[address] is { Token: { } held } slot && held.Owner == own.Owner
            && (held.Epoch > own.Epoch || (held.Epoch == own.Epoch && slot.Writes >= writes))
                ? slot
                : throw new SlotFencedException(address, own, state[address].Token);
    }

    private async Task ChangeAsync(Func<MemorySlotState, MemorySlotState> change, CancellationToken cancellation)
    {
        await RenewIfUnclearAsync(cancellation);
        var (own, writes) = (Token, _writes);
        try
        {
            await store.ChangeAsync(
                state => state[address].Token == own && state[address].Writes == writes
                    ? state.With(address, change(state[address]) with { Writes = writes + 1 })
                    : throw new SlotFencedException(address, own, state[address].Token),
                cancellation);
            _writes++;
        }
        catch (Exception e) when (e is SlotStoreException or OperationCanceledException)
        {
            _unclear = true;
            throw;
        }
    }

    private async Task RenewIfUnclearAsync(CancellationToken cancellation)
    {
        if (!_unclear)
        {
            return;
        }

        var (own, renewed) = (Own(), Token);
        await store.ChangeAsync(
            state =>
            {
                var slot = own(state);
                renewed = slot.Token!.Value with { Epoch = slot.Token.Value.Epoch + 1 };
                return state.With(address, slot with { Token = renewed, Writes = 0 });
            },
            cancellation);
        (Token, _writes, _unclear) = (renewed, 0, false);
    }
}
