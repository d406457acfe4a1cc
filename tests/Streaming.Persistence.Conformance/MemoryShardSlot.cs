using System.Runtime.CompilerServices;
using Streaming.Persistence.Redis;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Persistence.Conformance;

internal sealed class MemoryShardSlot(MemoryStore store, SlotAddress address, SlotToken token, byte[]? manifest) : IShardSlot
{
    private bool _unclear;

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

    public Task<ReadOnlyMemory<byte>?> LoadAsync(string key, CancellationToken cancellation) =>
        store.ReadAsync(state => MemoryShardSlots.Bytes(state[address].Entities.GetValueOrDefault(key)), cancellation);

    public async IAsyncEnumerable<SlotEntry> LoadAllAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var (key, snapshot) in await store.ReadAsync(state => state[address].Entities, cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            yield return new(key, snapshot);
        }
    }

    public async Task<bool> CheckAsync(CancellationToken cancellation)
    {
        try
        {
            await RenewIfUnclearAsync(cancellation);
        }
        catch (SlotFencedException)
        {
            return false;
        }

        return await store.ReadAsync(state => state[address].Token == Token, cancellation);
    }

    private async Task ChangeAsync(Func<MemorySlotState, MemorySlotState> change, CancellationToken cancellation)
    {
        await RenewIfUnclearAsync(cancellation);
        var own = Token;
        try
        {
            await store.ChangeAsync(
                state => state[address].Token == own
                    ? state.With(address, change(state[address]))
                    : throw new SlotFencedException(address, own, state[address].Token),
                cancellation);
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

        var renewed = Token;
        await store.ChangeAsync(
            state =>
            {
                var held = state[address].Token;
                if (held is not { } now || now.Owner != Token.Owner || now.Epoch < Token.Epoch)
                {
                    throw new SlotFencedException(address, Token, held);
                }

                renewed = now with { Epoch = now.Epoch + 1 };
                return state.With(address, state[address] with { Token = renewed });
            },
            cancellation);
        Token = renewed;
        _unclear = false;
    }
}
