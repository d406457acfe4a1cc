// Hot: TryAdd runs once per event.
using System.Collections.Immutable;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Wire;
using Streaming.Features.Events;
using Streaming.Log;

namespace Streaming.Ingest;

/// <summary>
/// Turns columns of events into records of the log: key, timestamp (the event's time, but a log has none before 1970), and Avro in the
/// wire format. Used by one caller at a time.
/// </summary>
internal sealed class EventEncoder(TopicContract topic, int schemaId)
{
    private const long FirstTimestampMillis = 1;
    private readonly AvroBuffer _scratch = new();
    private readonly ColumnEncoder _encoder = new(topic.Schema, topic.Source);
    private readonly int _keyField = topic.Source.IndexOf(topic.KeyField);
    private readonly int _timeField = topic.Source.IndexOf(topic.TimeField);
    private TextColumn _keys = new();
    private long[] _times = [];

    /// <summary>Sets the events to encode.</summary>
    /// <param name="events">The columns.</param>
    /// <param name="given">As in <see cref="ColumnEncoder.Bind"/>.</param>
    public void Bind(EventBatch events, ImmutableArray<bool> given)
    {
        _encoder.Bind(events, given);
        _keys = events.Texts(_keyField);
        _times = events.Times(_timeField);
    }

    /// <summary>Adds a row as a record.</summary>
    /// <returns>The position in the schema of the field whose value the event cannot take; -1 when the record is added.</returns>
    public int TryAdd(int row, RecordBatch into)
    {
        _scratch.Clear();
        WireFormat.WriteHead(_scratch, schemaId);
        var fault = _encoder.TryWrite(row, _scratch);
        if (fault < 0)
        {
            into.Add(0, Math.Max(FirstTimestampMillis, _times[row]), _keys[row], _scratch.Written);
        }

        return fault;
    }
}
