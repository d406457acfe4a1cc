// Hot: TryWrite runs once per event.
using System.Collections.Immutable;
using Avro;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;

namespace Streaming.Contracts.Codecs;

/// <summary>
/// Encodes rows of an <see cref="EventBatch"/> as Avro: what <see cref="ColumnDecoder"/> reads back. A value that the field does not
/// take is refused, never bent. Used by one caller at a time.
/// </summary>
/// <param name="schema">The schema that is written.</param>
/// <param name="source">Its fields, by <see cref="EventSchemas.SourceOf"/>.</param>
public sealed class ColumnEncoder(RecordSchema schema, EventSource source)
{
    private ImmutableArray<AvroColumn> _columns = [];

    /// <summary>Sets the events to encode.</summary>
    /// <param name="events">The columns.</param>
    /// <param name="given">Per field of the source whether its column holds values; the others take their default. Empty means all.</param>
    public void Bind(EventBatch events, ImmutableArray<bool> given) =>
        _columns = [.. schema.Fields.Select(field => ColumnOf(field, events, given))];

    /// <summary>Appends a row.</summary>
    /// <returns>The position in the schema of the field whose value the event cannot take; -1 when the row is written.</returns>
    public int TryWrite(int row, AvroBuffer output)
    {
        for (var i = 0; i < _columns.Length; i++)
        {
            if (!_columns[i].TryWrite(output, row))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Checks rows without writing them, a column after the other.</summary>
    /// <param name="rows">How many rows, from the first on.</param>
    /// <returns>The first row that cannot be written and its first such field, as its position in the schema; null if all can.</returns>
    public (int Row, int Field)? FirstRefused(int rows)
    {
        var field = -1;
        for (var i = 0; i < _columns.Length; i++)
        {
            for (var row = 0; row < rows; row++)
            {
                if (!_columns[i].Takes(row))
                {
                    // Later fields count for the rows before only.
                    (rows, field) = (row, i);
                }
            }
        }

        return field < 0 ? null : (rows, field);
    }

    /// <summary>
    /// Whether a field's values are ids: text that every event must have and that has no default. Views may be kept by any of them.
    /// </summary>
    public static bool IsId(Field field)
    {
        ArgumentNullException.ThrowIfNull(field);
        return field.Schema.Tag == Schema.Type.String && field.DefaultValue is null;
    }

    private AvroColumn ColumnOf(Field field, EventBatch events, ImmutableArray<bool> given)
    {
        var index = source.IndexOf(field.Name);
        if (index < 0 || (!given.IsEmpty && !given[index]))
        {
            var bytes = new AvroBuffer();
            SchemaDefaults.Write(bytes, field.Schema, field.DefaultValue);
            return new AvroDefaultColumn(bytes.Written.ToArray());
        }

        var single = SchemaFacts.Base(SchemaFacts.Single(field.Schema, out var nullable)!);
        var nullBranch = field.Schema is UnionSchema union ? union.Schemas.ToList().FindIndex(branch => branch.Tag == Schema.Type.Null) : 0;
        return (single, events[index]) switch
        {
            (EnumSchema symbols, TextColumn texts) => new AvroSymbolColumn(texts, symbols, nullable, nullBranch),
            (_, TextColumn texts) => new AvroTextColumn(texts, IsId(field), nullable, nullBranch),
            (_, TimeColumn times) => new AvroTimeColumn(times, nullable, nullBranch),
            ({ Tag: Schema.Type.Boolean }, NumberColumn flags) => new AvroFlagColumn(flags, nullable, nullBranch),
            ({ Tag: Schema.Type.Double }, NumberColumn numbers) => new AvroNumberColumn(numbers, nullable, nullBranch),
            _ => throw new InvalidOperationException(
                $"{source.Name}.{field.Name} is {single.Tag}, which {nameof(ColumnEncoder)} does not write"),
        };
    }
}
