using Streaming.Engine;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.Serving;
using Streaming.Features.State;

namespace Streaming.Node.Tests.Fakes;

/// <summary>An engine's features, with what a test alters in the answers of those that are in memory.</summary>
internal sealed class AlteringStore(StreamingEngine engine) : IFeatureStore
{
    /// <summary>Changes what was read: the names of the features, by slot, and the values.</summary>
    public Action<EntityReadPlan, FeatureValue[]>? Alter { get; set; }

    public FeatureCatalog Catalog => engine.Catalog;

    public EventTime NewestEventTime => engine.NewestEventTime;

    public bool IsCaughtUp => engine.IsCaughtUp;

    public ReadOutcome TryRead(
        EntityReadPlan read, ReadOnlySpan<byte> key, long atMillis, EventBatch? request, int row, Span<FeatureValue> output) => ReadOutcome.NotHere;

    public async ValueTask<ReadOutcome> ReadAsync(
        EntityReadPlan read,
        ReadOnlyMemory<byte> key,
        long atMillis,
        EventBatch? request,
        int row,
        Memory<FeatureValue> output,
        CancellationToken cancellation)
    {
        var values = new FeatureValue[read.OutputLength];
        var outcome = await engine.ReadAsync(read, key, atMillis, request, row, values, cancellation);
        Alter?.Invoke(read, values);
        foreach (var slot in read.Slots)
        {
            output.Span[slot] = values[slot];
        }

        return outcome;
    }

    public ReadPin? TryPin(EntityPlan entity, ReadOnlySpan<byte> key) => engine.TryPin(entity, key);
}
