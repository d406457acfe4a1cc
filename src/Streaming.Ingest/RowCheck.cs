// Hot: First runs over every row of a file before the first is written.
using System.Collections.Immutable;
using Streaming.Contracts.Codecs;
using Streaming.Features.Events;

namespace Streaming.Ingest;

/// <summary>Checks whether rows can be events of a topic, as they would be encoded. Used by one caller at a time.</summary>
public sealed class RowCheck(TopicContract topic)
{
    private readonly ColumnEncoder _encoder = new(topic.Schema, topic.Source);

    /// <summary>The first row that is not a valid event, with the field whose value is missing or wrong; null if all are valid.</summary>
    /// <param name="events">The rows.</param>
    /// <param name="given">As in <see cref="ColumnEncoder.Bind"/>.</param>
    public (int Row, string Field)? First(EventBatch events, ImmutableArray<bool> given)
    {
        ArgumentNullException.ThrowIfNull(events);
        _encoder.Bind(events, given);
        return _encoder.FirstRefused(events.Count) is var (row, field) ? (row, topic.Schema.Fields[field].Name) : null;
    }
}
