// Hot: First runs over every row of a file before the first is written.
using System.Collections.Immutable;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Wire;
using Streaming.Features.Events;

namespace Streaming.Ingest;

/// <summary>Checks whether rows can be events of a topic, as they would be encoded. Used by one caller at a time.</summary>
public sealed class RowCheck(TopicContract topic)
{
    // More than any value but a text takes.
    private const int FieldBytesMax = 16;
    private readonly ColumnEncoder _encoder = new(topic.Schema, topic.Source);
    private readonly int _keyField = topic.Source.IndexOf(topic.KeyField);
    private readonly AvroBuffer _scratch = new();

    /// <summary>The first row that is not a valid event, with the field whose value is missing or wrong; null if all are valid.</summary>
    /// <param name="events">The rows.</param>
    /// <param name="given">As in <see cref="ColumnEncoder.Bind"/>.</param>
    public (int Row, string Field)? First(EventBatch events, ImmutableArray<bool> given)
    {
        ArgumentNullException.ThrowIfNull(events);
        _encoder.Bind(events, given);
        return _encoder.FirstRefused(events.Count) is var (row, field) ? (row, topic.Schema.Fields[field].Name) : null;
    }

    /// <summary>The first row whose record is larger than a log takes, with what is wrong; null if all fit.</summary>
    /// <param name="events">Rows that are valid events.</param>
    /// <param name="given">As in <see cref="ColumnEncoder.Bind"/>.</param>
    /// <param name="bytesMax">The largest record that the log takes.</param>
    public (int Row, string Fault)? FirstTooLarge(EventBatch events, ImmutableArray<bool> given, int bytesMax)
    {
        ArgumentNullException.ThrowIfNull(events);
        if (BytesMax(events) <= bytesMax)
        {
            return null;
        }

        _encoder.Bind(events, given);
        var keys = events.Texts(_keyField);
        for (var row = 0; row < events.Count; row++)
        {
            _scratch.Clear();
            WireFormat.WriteHead(_scratch, 0);
            if (_encoder.TryWrite(row, _scratch) < 0 && RecordSize.Fault(keys[row].Length, _scratch.Length, bytesMax) is { } fault)
            {
                return (row, fault);
            }
        }

        return null;
    }

    // No row is larger: all of them together have no longer text in any field. So rows are encoded only where one may be too large.
    private long BytesMax(EventBatch events)
    {
        var bytes = (long)RecordSize.HeadBytes + EventLimits.KeyBytesMax + ((long)topic.Source.Fields.Length * FieldBytesMax);
        for (var field = 0; field < topic.Source.Fields.Length; field++)
        {
            bytes += events[field] is TextColumn texts ? LongestOf(texts, events.Count) : 0;
        }

        return bytes;
    }

    private static int LongestOf(TextColumn texts, int rows)
    {
        var longest = 0;
        foreach (var length in texts.Length.AsSpan(0, Math.Min(rows, texts.Length.Length)))
        {
            longest = Math.Max(longest, length);
        }

        return longest;
    }
}
