// Hot: validates every decoded event.
using Streaming.Contracts.Events;
using Streaming.Features.Events;
using Streaming.Features.Numerics;
using Streaming.Features.Plans;
using Streaming.Hocon;

namespace Streaming.Engine.Sources;

/// <summary>
/// Validates decoded events from the record alone, never from the clock or from other records, so that a replay has the same result
/// wherever it begins.
/// </summary>
internal sealed class EventValidator(SourcePlan plan)
{
    /// <summary>
    /// Increases with every change of what is a dead letter, here or in decoding: events that an older build accepted are validated again.
    /// </summary>
    public const int RulesVersion = 4;

    private const string NoTimestamp = "the record has no timestamp, so nothing bounds its event time: "
        + "have its producer stamp its records, or set the topic's message.timestamp.type to LogAppendTime, and send it again";

    /// <summary>Why the event is a dead letter for all feeds; null when it is not.</summary>
    /// <param name="batch">The batch that holds the event.</param>
    /// <param name="row">Its row.</param>
    /// <param name="recordTimestampMillis">Its record's timestamp; not positive when it has none, as old producers leave it (-1).</param>
    /// <param name="detail">The field, and what is wrong with it.</param>
    public string? Reject(EventBatch batch, int row, long recordTimestampMillis, out string detail)
    {
        if (recordTimestampMillis <= 0)
        {
            detail = NoTimestamp;
            return DeadLetterReason.NoTimestamp;
        }

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

        var latest = Math.Min(recordTimestampMillis, long.MaxValue - plan.FutureToleranceMillis) + plan.FutureToleranceMillis;
        return plan.Rules.Reject(batch, row, latest, out detail);
    }

    private string? RejectKeyOrTime(EntityFeed feed, EventBatch batch, int row, long recordTimestampMillis, out string detail)
    {
        detail = string.Empty;
        var key = batch.Texts(feed.KeyField)[row];
        if (key.IsEmpty)
        {
            // An optional key that is missing: the event does not feed this entity.
            var kind = batch.Texts(feed.KeyField).IsNull(row) ? "null" : "empty";
            detail = $"{Name(feed.KeyField)} is {kind}; it names the {feed.Entity.Name}";
            return plan.Source.Fields[feed.KeyField].Nullable ? null : DeadLetterReason.NoKey;
        }

        if (key.Length > EventLimits.KeyBytesMax)
        {
            detail = $"{Name(feed.KeyField)} has {key.Length} bytes; {EventLimits.KeyRule}";
            return DeadLetterReason.KeyTooLong;
        }

        if (EventLimits.Unseen(key) is { } unseen)
        {
            detail = $"{Name(feed.KeyField)} has {unseen} in it; {EventLimits.KeyRule}";
            return DeadLetterReason.BadKey;
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

        if (time - plan.FutureToleranceMillis > recordTimestampMillis)
        {
            detail = $"{Name(feed.TimeField)} is {new EventTime(time)}, more than {Duration.Format(plan.FutureToleranceMillis)} "
                + $"after the record's timestamp {new EventTime(recordTimestampMillis)} (streaming.engine.future-tolerance)";
            return DeadLetterReason.Future;
        }

        return null;
    }

    private string Name(int field) => $"field {plan.Source.Fields[field].Name}";
}
