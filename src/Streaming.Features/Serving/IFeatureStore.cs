using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.State;

namespace Streaming.Features.Serving;

/// <summary>
/// Features of entities, read from memory, and how fresh they are: what scoring and the feature routes need of an engine. Thread-safe.
/// </summary>
public interface IFeatureStore
{
    /// <summary>What is computed.</summary>
    FeatureCatalog Catalog { get; }

    /// <summary>
    /// The newest event time that this node has applied, which is the time of a read that names none; <see cref="EventTime.None"/>
    /// before the first event. Events that were further ahead of this node's clock than <c>streaming.engine.future-tolerance</c> when
    /// they were read do not move it: one producer's clock would empty the windows of everyone.
    /// </summary>
    EventTime NewestEventTime { get; }

    /// <summary>
    /// Whether what is read now is as new as the log, within the bounds that <c>streaming.engine.stale-events</c> and <c>stale-after</c>
    /// declare.
    /// </summary>
    bool IsCaughtUp { get; }

    /// <summary>
    /// Where the longest window reaches further back than the events that the features were built from: since when there are any.
    /// <see cref="EventTime.None"/> where nothing is missing.
    /// </summary>
    EventTime HistoryFrom => EventTime.None;

    /// <summary>
    /// Reads an entity from this node's memory at once, on the caller's thread, without a lock and without allocation; also one that
    /// nothing is known of, whose values are absent. Anything but
    /// <see cref="ReadOutcome.Done"/> and <see cref="ReadOutcome.TooOld"/> means: use <see cref="ReadAsync"/>.
    /// </summary>
    /// <param name="read">What to read; its entity says the type.</param>
    /// <param name="key">The entity key, UTF-8.</param>
    /// <param name="atMillis">The event time of the read.</param>
    /// <param name="request">A hypothetical event at the read time; null for none.</param>
    /// <param name="row">Its row.</param>
    /// <param name="output">Where the values go, at least <see cref="EntityReadPlan.OutputLength"/> long.</param>
    ReadOutcome TryRead(
        EntityReadPlan read, ReadOnlySpan<byte> key, long atMillis, EventBatch? request, int row, Span<FeatureValue> output);

    /// <summary>
    /// Reads an entity by asking its actor; an entity that nothing is known of has absent values.
    /// The request and the output are the engine's until the task ends, however it ends.
    /// </summary>
    /// <exception cref="TimeoutException">The entity did not answer within <c>streaming.engine.read-timeout</c>.</exception>
    ValueTask<ReadOutcome> ReadAsync(
        EntityReadPlan read,
        ReadOnlyMemory<byte> key,
        long atMillis,
        EventBatch? request,
        int row,
        Memory<FeatureValue> output,
        CancellationToken cancellation);

    /// <summary>
    /// What an entity has applied now; null where that is not known at once. Allocates: for the few reads that are computed again.
    /// </summary>
    /// <param name="entity">The entity's type.</param>
    /// <param name="key">Its key, UTF-8.</param>
    ReadPin? TryPin(EntityPlan entity, ReadOnlySpan<byte> key) => null;

    /// <summary>
    /// What an entity has applied now, without a lock and without allocation: what an answer rests on is logged with it. An event may be
    /// applied between this and a read.
    /// </summary>
    /// <param name="entity">The entity's type.</param>
    /// <param name="key">Its key, UTF-8.</param>
    /// <param name="known">Where it goes.</param>
    /// <returns>
    /// How many there are; nothing is written where that is more than there is room for. -1 where it is not known at once.
    /// </returns>
    int TryKnown(EntityPlan entity, ReadOnlySpan<byte> key, Span<KnownOffset> known) => -1;
}
