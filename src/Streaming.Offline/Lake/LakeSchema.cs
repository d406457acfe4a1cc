using System.Collections.Immutable;
using Avro;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;

namespace Streaming.Offline.Lake;

/// <summary>The columns of a topic's files: its schema's fields, and where and when the log had the record.</summary>
internal sealed class LakeSchema
{
    /// <summary>The record's partition.</summary>
    public const string Partition = "log_partition";

    /// <summary>The record's offset.</summary>
    public const string Offset = "log_offset";

    /// <summary>The record's timestamp.</summary>
    public const string Timestamp = "log_timestamp";

    private LakeSchema(string topic)
    {
        Topic = topic;
        Record = EventSchemas.ByTopic[topic];
        Source = EventSchemas.Sources[topic];
        TimeField = Source.IndexOf(EventSchemas.RecordFieldsOf(topic).Time);
        Columns = [.. Record.Fields.Select(ColumnOf)];
    }

    /// <summary>The topic.</summary>
    public string Topic { get; }

    /// <summary>The schema that events are read as.</summary>
    public RecordSchema Record { get; }

    /// <summary>Its fields that are single values.</summary>
    public EventSource Source { get; }

    /// <summary>The field that says of which day an event is.</summary>
    public int TimeField { get; }

    /// <summary>A column for each field.</summary>
    public ImmutableArray<LakeColumn> Columns { get; }

    /// <summary>Whether there are lists, which are read another way.</summary>
    public bool HasLists => Columns.Any(column => column.IsList);

    /// <summary>The columns of a topic.</summary>
    public static LakeSchema Of(string topic) => new(topic);

    private LakeColumn ColumnOf(Field field)
    {
        var index = Source.IndexOf(field.Name);
        var schema = field.Schema is UnionSchema union
            ? union.Schemas.Single(branch => branch.Tag != Schema.Type.Null)
            : field.Schema;
        var kind = schema switch
        {
            ArraySchema { ItemSchema.Tag: Schema.Type.Double } => LakeKind.Numbers,
            ArraySchema { ItemSchema.Tag: Schema.Type.String } => LakeKind.Texts,
            { Tag: Schema.Type.Bytes } => LakeKind.Bytes,
            { Tag: Schema.Type.Int or Schema.Type.Long } => LakeKind.Integer,
            _ when index < 0 => throw new NotSupportedException($"{Topic}: a field like '{field.Name}' has no column in the lake"),
            _ => Source.Fields[index].Type switch
            {
                FieldType.Flag => LakeKind.Flag,
                FieldType.Time => LakeKind.Time,
                FieldType.Text => LakeKind.Text,
                _ => LakeKind.Number,
            },
        };
        return new LakeColumn(field.Name, kind, index, index >= 0 && Source.Fields[index].Nullable);
    }
}

/// <summary>One field's column.</summary>
/// <param name="Name">The field.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="Field">Its index in the source; -1 for a list.</param>
/// <param name="Nullable">Whether a row may have none.</param>
internal sealed record LakeColumn(string Name, LakeKind Kind, int Field, bool Nullable)
{
    /// <summary>Whether it holds several values a row.</summary>
    public bool IsList => Kind is LakeKind.Numbers or LakeKind.Texts;
}

/// <summary>What a column holds.</summary>
internal enum LakeKind
{
    /// <summary>A double.</summary>
    Number,

    /// <summary>A whole number of 64 bits.</summary>
    Integer,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>An instant in milliseconds, UTC.</summary>
    Time,

    /// <summary>UTF-8.</summary>
    Text,

    /// <summary>Bytes without a meaning.</summary>
    Bytes,

    /// <summary>Doubles.</summary>
    Numbers,

    /// <summary>Several texts.</summary>
    Texts,
}
