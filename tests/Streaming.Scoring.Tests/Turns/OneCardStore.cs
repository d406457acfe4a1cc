using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.Serving;
using Streaming.Features.State;

namespace Streaming.Scoring.Tests.Turns;

/// <summary>A real card's state, whatever the key; a test says whether it is at hand.</summary>
internal sealed class OneCardStore(FeatureCatalog catalog) : IFeatureStore
{
    private readonly EntityState _card = new(catalog.FindEntity("card")!);

    public FeatureCatalog Catalog { get; } = catalog;

    public EventTime NewestEventTime { get; } = new(1_533_081_600_000);

    public bool IsCaughtUp => true;

    /// <summary>What a read at once says in place of reading; null for the read's own outcome.</summary>
    public ReadOutcome? AtOnce { get; set; }

    /// <summary>What a read by message does before it reads.</summary>
    public Func<Task> Asked { get; set; } = () => Task.CompletedTask;

    public int AtOnceReads { get; private set; }

    /// <summary>Applies a transaction at the newest event time.</summary>
    public void Pay(double amount)
    {
        var feed = _card.Plan.Feeds[0];
        var batch = Samples.Event(amount);
        batch.Times(feed.Source.IndexOf("ts"))[0] = NewestEventTime.Millis;
        batch.Offsets[0] = _card.AppliedOffset(feed, 0) + 1;
        _card.Apply(feed, batch, [0]);
    }

    public ReadOutcome TryRead(EntityReadPlan read, ReadOnlySpan<byte> key, long atMillis, EventBatch? request, int row, Span<FeatureValue> output)
    {
        AtOnceReads++;
        return AtOnce ?? _card.TryRead(read, atMillis, request, row, output);
    }

    public ReadPin? TryPin(EntityPlan entity, ReadOnlySpan<byte> key) => new CountPin(_card.StoredEvents);

    public async ValueTask<ReadOutcome> ReadAsync(
        EntityReadPlan read, ReadOnlyMemory<byte> key, long atMillis, EventBatch? request, int row, Memory<FeatureValue> output, CancellationToken cancellation)
    {
        await Asked();
        return _card.Read(read, atMillis, request, row, output.Span);
    }

    private sealed class CountPin(int events) : ReadPin
    {
        private readonly int _events = events;

        public override bool Holds(ReadPin? later) => later is CountPin pin && pin._events == _events;
    }
}
