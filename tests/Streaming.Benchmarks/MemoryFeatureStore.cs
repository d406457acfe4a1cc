// Hot: read by every request of the score server.
using Streaming.Engine;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.Serving;
using Streaming.Features.State;

namespace Streaming.Benchmarks;

/// <summary>Real entity states in dictionaries, without an engine: what serving costs when everything is at hand.</summary>
internal sealed class MemoryFeatureStore(FeatureCatalog catalog) : IFeatureStore, IEngineStatus
{
    private readonly Dictionary<string, Dictionary<byte[], EntityState>> _entities =
        catalog.Entities.ToDictionary(entity => entity.Name, _ => new Dictionary<byte[], EntityState>(Utf8KeyComparer.Instance));

    public FeatureCatalog Catalog { get; } = catalog;

    public EventTime NewestEventTime { get; set; } = EventTime.None;

    public bool IsCaughtUp => true;

    public string? Fault => null;

    public string? StoreFault => null;

    public IReadOnlyList<ShardStatus> Shards => [];

    public bool IsReady => true;

    public IReadOnlyList<PartitionStatus> Partitions => [];

    public EntityMemory Memory => new(0, 1_000_000, 0, 1L << 30, 0, 0, 0, 0);

    public IReadOnlyList<EntityCount> Entities =>
        [.. _entities.Select(entity => new EntityCount(entity.Key, entity.Value.Count, entity.Value.Values.Sum(state => (long)state.MemoryBytes)))];

    public EntityState Add(EntityPlan plan, byte[] key)
    {
        var state = new EntityState(plan);
        _entities[plan.Name].Add(key, state);
        return state;
    }

    public ReadOutcome TryRead(EntityReadPlan read, ReadOnlySpan<byte> key, long atMillis, EventBatch? request, int row, Span<FeatureValue> output) =>
        _entities[read.Entity.Name].GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out var state)
            ? state.TryRead(read, atMillis, request, row, output)
            : ReadOutcome.NotHere;

    public ValueTask<ReadOutcome> ReadAsync(
        EntityReadPlan read, ReadOnlyMemory<byte> key, long atMillis, EventBatch? request, int row, Memory<FeatureValue> output, CancellationToken cancellation) =>
        ValueTask.FromResult(new EntityState(read.Entity).Read(read, atMillis, request, row, output.Span));
}
