using Streaming.Features.Events;

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
        foreach (var view in plan.Feeds.SelectMany(feed => feed.Views.Select(index => feed.Entity.Views[index])))
        {
            var span = view.HasLifetime ? long.MaxValue : view.RetentionMillis;
            (SpanMillis, View) = span > SpanMillis ? (span, view.Name) : (SpanMillis, View);
        }
    }

    /// <summary>How far back the features need it: the longest window with its delay, and a day; the largest number for all.</summary>
    public long SpanMillis { get; }

    /// <summary>The view that needs most.</summary>
    public string View { get; } = string.Empty;

    /// <summary>A run begins at the log's first record, and nothing has what was deleted before it.</summary>
    public void BeginsAt(EventTime first) => _from = first;

    /// <summary>The first record's time while a window reaches further back; else none.</summary>
    public EventTime MissingBefore(EventTime watermark)
    {
        var isEnough = _from == EventTime.None
            || (SpanMillis != long.MaxValue && watermark != EventTime.None && watermark.Millis - SpanMillis >= _from.Millis);
        _from = isEnough ? EventTime.None : _from;
        return _from;
    }
}
