// Hot: one indirection per read of an entity.
using Streaming.Engine;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.Serving;
using Streaming.Features.State;

namespace Streaming.Node.Replays;

/// <summary>The engine of the generation that answers; a replay puts another in its place. Thread-safe.</summary>
internal sealed class LiveEngine(StreamingEngine first) : IFeatureStore, IEngineStatus
{
    private volatile StreamingEngine _current = first;

    /// <summary>The engine that answers.</summary>
    public StreamingEngine Current => _current;

    /// <inheritdoc/>
    public FeatureCatalog Catalog => _current.Catalog;

    /// <inheritdoc/>
    public EventTime NewestEventTime => _current.NewestEventTime;

    /// <inheritdoc/>
    public bool IsCaughtUp => _current.IsCaughtUp;

    /// <inheritdoc/>
    public bool IsReady => _current.IsReady;

    /// <inheritdoc/>
    public string? Fault => _current.Fault;

    /// <inheritdoc/>
    public string? StoreFault => _current.StoreFault;

    /// <inheritdoc/>
    public IReadOnlyList<PartitionStatus> Partitions => _current.Partitions;

    /// <inheritdoc/>
    public IReadOnlyList<ShardStatus> Shards => _current.Shards;

    /// <inheritdoc/>
    public IReadOnlyList<EntityCount> Entities => _current.Entities;

    /// <inheritdoc/>
    public EntityMemory Memory => _current.Memory;

    /// <summary>Another answers from now on; reads that have begun end where they began.</summary>
    public void Switch(StreamingEngine successor) => _current = successor;

    /// <inheritdoc/>
    public ReadOutcome TryRead(
        EntityReadPlan read, ReadOnlySpan<byte> key, long atMillis, EventBatch? request, int row, Span<FeatureValue> output) =>
        _current.TryRead(read, key, atMillis, request, row, output);

    /// <inheritdoc/>
    public ReadPin? TryPin(EntityPlan entity, ReadOnlySpan<byte> key) => _current.TryPin(entity, key);

    /// <inheritdoc/>
    public int TryKnown(EntityPlan entity, ReadOnlySpan<byte> key, Span<KnownOffset> known) => _current.TryKnown(entity, key, known);

    /// <inheritdoc/>
    public ValueTask<ReadOutcome> ReadAsync(
        EntityReadPlan read,
        ReadOnlyMemory<byte> key,
        long atMillis,
        EventBatch? request,
        int row,
        Memory<FeatureValue> output,
        CancellationToken cancellation) =>
        _current.ReadAsync(read, key, atMillis, request, row, output, cancellation);
}
