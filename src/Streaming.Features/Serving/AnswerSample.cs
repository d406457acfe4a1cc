using System.Collections.Immutable;
using Streaming.Features.Events;
using Streaming.Features.Plans;

namespace Streaming.Features.Serving;

/// <summary>
/// An answer that was drawn to be compared with the log, from before its reads to after them: it pins the entities on both sides. Belongs
/// to one request.
/// </summary>
public sealed class AnswerSample(IFeatureStore store)
{
    private readonly List<(EntityReadPlan Plan, byte[] Key, ReadPin? Pin)> _reads = [];
    private readonly bool _wasStale = !store.IsCaughtUp;

    /// <summary>Why it is not to be compared; null if it is. Known once it is closed.</summary>
    public ParitySkip? Skip { get; private set; }

    /// <summary>Call it before an entity is read.</summary>
    public void Pin(EntityReadPlan read, ReadOnlySpan<byte> key)
    {
        ArgumentNullException.ThrowIfNull(read);
        _reads.Add((read, key.ToArray(), store.TryPin(read.Entity, key)));
    }

    /// <summary>Call it when all entities are read.</summary>
    public void Close()
    {
        foreach (var (plan, key, pin) in _reads)
        {
            Skip ??= pin is null ? ParitySkip.NotPinned : pin.Holds(store.TryPin(plan.Entity, key)) ? null : ParitySkip.Changed;
        }

        // Looked at last, as the answer does.
        Skip = _wasStale || !store.IsCaughtUp ? ParitySkip.Stale
            : store.HistoryFrom != EventTime.None ? ParitySkip.ShortHistory
            : Skip;
    }

    /// <summary>What was read. Only where nothing is to be skipped.</summary>
    /// <param name="atMillis">The event time of the reads.</param>
    /// <param name="request">Their hypothetical event, a copy of the caller's; null for none.</param>
    /// <param name="values">What was answered, a copy of the caller's.</param>
    public ImmutableArray<PinnedRead> Reads(long atMillis, EventBatch? request, FeatureValue[] values) =>
        [.. _reads.Select(read => new PinnedRead(read.Plan, read.Key, atMillis, request, values, read.Pin!))];
}
