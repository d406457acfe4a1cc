using Streaming.Persistence.Redis.Slots;

namespace Streaming.Persistence.Conformance;

internal sealed class MemoryGenerations(MemoryStore store) : IGenerations
{
    public Task<long?> LiveAsync(CancellationToken cancellation) => store.ReadAsync(state => state.Live, cancellation);

    public Task<bool> SwitchAsync(long? seen, long successor, CancellationToken cancellation) => TryAsync(
        state => state.Live != seen ? null
            : !state.Generations.ContainsKey(successor) ? throw new ArgumentException($"generation {successor} has no record", nameof(successor))
            : state with { Live = successor },
        cancellation);

    public Task<ReadOnlyMemory<byte>?> RecordAsync(long generation, CancellationToken cancellation) =>
        store.ReadAsync(state => MemoryShardSlots.Bytes(state.Generations.GetValueOrDefault(generation)), cancellation);

    public Task<bool> CreateAsync(long generation, ReadOnlyMemory<byte> record, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(generation);
        var bytes = record.ToArray();
        return TryAsync(
            state => state.Generations.ContainsKey(generation) ? null : state with { Generations = state.Generations.Add(generation, bytes) },
            cancellation);
    }

    public Task<IReadOnlyList<long>> ListAsync(CancellationToken cancellation) =>
        store.ReadAsync<IReadOnlyList<long>>(state => [.. state.Generations.Keys], cancellation);

    public Task<bool> DeleteAsync(long generation, CancellationToken cancellation) => TryAsync(
        state => state.Live == generation ? null : state with
        {
            Generations = state.Generations.Remove(generation),
            Slots = state.Slots.RemoveRange(state.Slots.Keys.Where(address => address.Generation == generation)),
        },
        cancellation);

    private async Task<bool> TryAsync(Func<MemoryState, MemoryState?> change, CancellationToken cancellation)
    {
        var changed = false;
        await store.ChangeAsync(
            state =>
            {
                var next = change(state);
                changed = next is not null;
                return next ?? state;
            },
            cancellation);
        return changed;
    }
}
