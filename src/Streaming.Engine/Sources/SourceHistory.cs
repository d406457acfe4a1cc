using Streaming.Features.Events;
using Streaming.Features.Plans;

namespace Streaming.Engine.Sources;

/// <summary>
/// Whether the features of a partition were built from enough of it: a log may begin later than the longest window reaches. Used by one
/// source.
/// </summary>
internal sealed class SourceHistory
{
    private EventTime _from = EventTime.None;

    public SourceHistory(SourcePlan plan)
    {
        var span = plan.Feeds.Select(feed => SourceSpan.Of(feed)).MaxBy(span => span.Millis ?? long.MaxValue)!;
        (SpanMillis, View) = (span.Millis ?? long.MaxValue, span.View);
    }

    /// <summary>How far back the features need it: see <see cref="SourceSpan"/>; the largest number for all.</summary>
    public long SpanMillis { get; }

    /// <summary>The view that needs most.</summary>
    public string View { get; }

    /// <summary>A run begins at the log's first record, and nothing has what was deleted before it.</summary>
    public void BeginsAt(EventTime first) => _from = first;

    /// <summary>The state comes from snapshots, which began there; null where they lack nothing.</summary>
    public void Restore(long? fromMillis) => _from = fromMillis is { } from ? new EventTime(from) : EventTime.None;

    /// <summary>The first record's time while a window reaches further back; else none.</summary>
    public EventTime MissingBefore(EventTime watermark)
    {
        var isEnough = _from == EventTime.None
            || (SpanMillis != long.MaxValue && watermark != EventTime.None && watermark.Millis - SpanMillis >= _from.Millis);
        _from = isEnough ? EventTime.None : _from;
        return _from;
    }
}
