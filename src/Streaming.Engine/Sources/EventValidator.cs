// Hot: judges every decoded event.
using Streaming.Contracts.Events;
using Streaming.Features.Events;
using Streaming.Features.Language;
using Streaming.Features.Numerics;
using Streaming.Features.Plans;

namespace Streaming.Engine.Sources;

/// <summary>
/// Says whether a decoded event can be applied. Judged from the record and its partition alone, never from the clock, so that a
/// replay judges the same.
/// </summary>
internal sealed class EventValidator(SourcePlan plan)
{
    /// <summary>
    /// Counts up with every change of what is a dead letter, here or in decoding: what an older build let pass is judged anew then.
    /// </summary>
    public const int RulesVersion = 3;

    private readonly long[] _watermarks = NewWatermarks(plan);

    /// <summary>The newest event time seen, over all feeds.</summary>
    public long Watermark => _watermarks.Max();

    /// <summary>Forgets the watermark: the partition is read from its beginning again.</summary>
    public void Reset() => Array.Fill(_watermarks, long.MinValue);

    /// <summary>Why the event is a dead letter for all feeds; null when it is not.</summary>
    /// <param name="batch">Where the event lies.</param>
    /// <param name="row">Its row.</param>
    /// <param name="recordTimestampMillis">Its record's timestamp; not positive when it has none.</param>
    /// <param name="detail">What is wrong with which field.</param>
    public string? Reject(EventBatch batch, int row, long recordTimestampMillis, out string detail)
    {
        foreach (var field in plan.Numbers)
        {
            var number = batch.Numbers(field)[row];
            if (!NumberRange.Contains(number) && !(double.IsNaN(number) && plan.Source.Fields[field].Nullable))
            {
                detail = $"{Name(field)} is {number:R}; {NumberRange.Rule}";
                return DeadLetterReason.OutOfRange;
            }
        }

        foreach (var feed in plan.Feeds)
        {
            if (RejectKeyOrTime(feed, batch, row, recordTimestampMillis, out detail) is { } reason)
            {
                return reason;
            }
        }

        return plan.Rules.Reject(batch, row, recordTimestampMillis > 0 ? recordTimestampMillis + plan.FutureToleranceMillis : long.MaxValue, out detail);
    }

    /// <summary>
    /// Whether an event is later than the longest window of a feed, against the newest event time before it in its partition. For
    /// a feed that counts a lifetime none is.
    /// </summary>
    public bool IsLate(int feed, EventBatch batch, int row)
    {
        var time = batch.Times(plan.Feeds[feed].TimeField)[row];
        ref var watermark = ref _watermarks[feed];
        if (time > watermark)
        {
            watermark = time;
        }

        var allowed = plan.Feeds[feed].AllowedLatenessMillis;
        return allowed != EntityFeed.UnlimitedLateness && time <= watermark - allowed;
    }

    private string? RejectKeyOrTime(EntityFeed feed, EventBatch batch, int row, long recordTimestampMillis, out string detail)
    {
        detail = string.Empty;
        var key = batch.Texts(feed.KeyField)[row];
        if (key.IsEmpty)
        {
            // Where an event need not name the entity, it is none of that entity's.
            detail = $"{Name(feed.KeyField)} is {(batch.Texts(feed.KeyField).IsNull(row) ? "null" : "empty")}; it names the {feed.Entity.Name}";
            return plan.Source.Fields[feed.KeyField].Nullable ? null : DeadLetterReason.NoKey;
        }

        if (key.Length > EventLimits.KeyBytesMax)
        {
            detail = $"{Name(feed.KeyField)} has {key.Length} bytes; {EventLimits.KeyRule}";
            return DeadLetterReason.KeyTooLong;
        }

        var time = batch.Times(feed.TimeField)[row];
        if (time == TimeColumn.Null)
        {
            detail = $"{Name(feed.TimeField)} is null; it is the event time";
            return DeadLetterReason.NoTime;
        }

        if (!EventLimits.IsEventTime(time))
        {
            detail = $"{Name(feed.TimeField)} is {EventLimits.TimeFault(time)}";
            return time > EventLimits.LastMillis ? DeadLetterReason.Future : DeadLetterReason.OutOfRange;
        }

        // A record of an old producer or client has no timestamp (-1), and then none that the event could be ahead of.
        if (recordTimestampMillis > 0 && time > recordTimestampMillis + plan.FutureToleranceMillis)
        {
            detail = $"{Name(feed.TimeField)} is {new EventTime(time)}, more than {Duration.Format(plan.FutureToleranceMillis)} after the record's timestamp {new EventTime(recordTimestampMillis)} (streaming.engine.future-tolerance)";
            return DeadLetterReason.Future;
        }

        return null;
    }

    private string Name(int field) => $"field {plan.Source.Fields[field].Name}";

    private static long[] NewWatermarks(SourcePlan plan)
    {
        var watermarks = new long[plan.Feeds.Length];
        Array.Fill(watermarks, long.MinValue);
        return watermarks;
    }
}
