// Hot: TryAdd runs once per event.
using System.Collections.Immutable;
using Avro;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Schemas;
using Streaming.Contracts.Wire;
using Streaming.Features.Events;
using Streaming.Log;

namespace Streaming.Cli.Feeding;

/// <summary>
/// Turns columns of events into records of the log: key, timestamp (the event's time, but a log has none before 1970), and Avro in the
/// wire format. Used by one caller at a time.
/// </summary>
internal sealed class EventEncoder
{
    private const long FirstTimestampMillis = 1;
    private readonly FedTopic _topic;
    private readonly AvroBuffer _scratch = new();
    private readonly int _schemaId;
    private readonly int _keyField;
    private readonly int _timeField;
    private ImmutableArray<AvroColumn> _columns = [];
    private TextColumn _keys = new();
    private long[] _times = [];

    public EventEncoder(FedTopic topic, int schemaId)
    {
        _topic = topic;
        _schemaId = schemaId;
        _keyField = topic.Source.IndexOf(topic.KeyField);
        _timeField = topic.Source.IndexOf(topic.TimeField);
    }

    /// <summary>Encodes these events from now on.</summary>
    /// <param name="events">The columns.</param>
    /// <param name="given">Per field of the source whether its column holds values; the others take their default. Empty means all.</param>
    public void Bind(EventBatch events, ImmutableArray<bool> given)
    {
        _columns = [.. _topic.Schema.Fields.Select(field => ColumnOf(field, events, given))];
        _keys = events.Texts(_keyField);
        _times = events.Times(_timeField);
    }

    /// <summary>Adds a row as a record.</summary>
    /// <returns>The position in the schema of the field whose value the event cannot take; -1 when the record is added.</returns>
    public int TryAdd(int row, RecordBatch into)
    {
        _scratch.Clear();
        WireFormat.WriteHead(_scratch, _schemaId);
        for (var i = 0; i < _columns.Length; i++)
        {
            if (!_columns[i].TryWrite(_scratch, row))
            {
                return i;
            }
        }

        into.Add(0, Math.Max(FirstTimestampMillis, _times[row]), _keys[row], _scratch.Written);
        return -1;
    }

    private AvroColumn ColumnOf(Field field, EventBatch events, ImmutableArray<bool> given)
    {
        var index = _topic.Source.IndexOf(field.Name);
        if (index < 0 || (!given.IsEmpty && !given[index]))
        {
            var bytes = new AvroBuffer();
            SchemaDefaults.Write(bytes, field.Schema, field.DefaultValue);
            return new AvroDefaultColumn(bytes.Written.ToArray());
        }

        var schema = SchemaFacts.Base(SchemaFacts.Single(field.Schema, out var nullable)!);
        var nullBranch = field.Schema is UnionSchema union ? union.Schemas.ToList().FindIndex(s => s.Tag == Schema.Type.Null) : 0;
        return (schema, events[index]) switch
        {
            (EnumSchema symbols, TextColumn texts) => new AvroSymbolColumn(texts, symbols, nullable, nullBranch),
            (_, TextColumn texts) => new AvroTextColumn(texts, FedTopic.IsKey(field), nullable, nullBranch),
            (_, TimeColumn times) => new AvroTimeColumn(times, nullable, nullBranch),
            ({ Tag: Schema.Type.Boolean }, NumberColumn flags) => new AvroFlagColumn(flags, nullable, nullBranch),
            ({ Tag: Schema.Type.Double }, NumberColumn numbers) => new AvroNumberColumn(numbers, nullable, nullBranch),
            _ => throw new InvalidOperationException($"{_topic.Name}.{field.Name} is {schema.Tag}, which {nameof(EventEncoder)} does not write; add an AvroColumn for it"),
        };
    }
}
