using System.Collections.Frozen;
using System.Collections.Immutable;
using Avro;
using Newtonsoft.Json.Linq;
using Streaming.Features.Events;

namespace Streaming.Contracts.Schemas;

/// <summary>The event schemas that this build knows, their topics and subjects, and what they offer to feature views.</summary>
public static class EventSchemas
{
    /// <summary>By schema, the fields that are its records' key and timestamp.</summary>
    private static readonly Dictionary<RecordSchema, (string Key, string Time)> s_recordFields = new(ReferenceEqualityComparer.Instance);

    /// <summary>Topic of <see cref="Transaction"/>.</summary>
    public const string Transactions = "transactions";

    /// <summary>Topic of <see cref="Click"/>.</summary>
    public const string Clicks = "clicks";

    /// <summary>Topic of <see cref="Label"/>.</summary>
    public const string Labels = "labels";

    /// <summary>Topic of <see cref="Score"/>.</summary>
    public const string Scores = "scores";

    /// <summary>Topic of <see cref="DeadLetter"/>.</summary>
    public const string DeadLetters = "dead-letters";

    /// <summary>The newest schema of transactions.</summary>
    public static RecordSchema Transaction { get; } = Load("Transaction");

    /// <summary>The newest schema of clicks.</summary>
    public static RecordSchema Click { get; } = Load("Click");

    /// <summary>The newest schema of labels.</summary>
    public static RecordSchema Label { get; } = Load("Label");

    /// <summary>The newest schema of scores.</summary>
    public static RecordSchema Score { get; } = Load("Score");

    /// <summary>The newest schema of dead letters.</summary>
    public static RecordSchema DeadLetter { get; } = Load("DeadLetter");

    /// <summary>The schema of each topic's values.</summary>
    public static FrozenDictionary<string, RecordSchema> ByTopic { get; } = new Dictionary<string, RecordSchema>
    {
        [Transactions] = Transaction,
        [Clicks] = Click,
        [Labels] = Label,
        [Scores] = Score,
        [DeadLetters] = DeadLetter,
    }.ToFrozenDictionary();

    /// <summary>What each topic offers to feature views; a source is named after its topic.</summary>
    public static FrozenDictionary<string, EventSource> Sources { get; } =
        ByTopic.ToFrozenDictionary(
            topic => topic.Key, topic => SourceOf(topic.Key, topic.Value) with { LogTime = s_recordFields[topic.Value].Time });

    /// <summary>
    /// The fields that are the key and the timestamp of a topic's records: <c>streaming.key</c> and <c>streaming.time</c> of its schema.
    /// </summary>
    public static (string Key, string Time) RecordFieldsOf(string topic) => s_recordFields[ByTopic[topic]];

    /// <summary>The subject of a topic's values, by Confluent's TopicNameStrategy.</summary>
    public static string SubjectOf(string topic) => topic + "-value";

    /// <summary>
    /// The fields of a record that have a column, in the schema's order. Arrays, maps, records, fixeds, decimals, times of day and
    /// unions of several types have none and are left out. Instants become milliseconds whatever their unit.
    /// </summary>
    public static EventSource SourceOf(string name, RecordSchema schema)
    {
        var fields = ImmutableArray.CreateBuilder<SourceField>();
        foreach (var field in schema.Fields)
        {
            if (SchemaFacts.Single(field.Schema, out var nullable) is { } single && TypeOf(single) is { } type)
            {
                fields.Add(new SourceField(field.Name, type, nullable));
            }
        }

        return new EventSource(name, fields.ToImmutable());
    }

    private static FieldType? TypeOf(Schema schema) => SchemaFacts.Base(schema).Tag switch
    {
        _ when TimeUnits.Of(schema) != TimeUnit.None => FieldType.Time,
        _ when LogicalTypes.HasNoColumn(schema) => null,
        Schema.Type.Boolean => FieldType.Flag,
        Schema.Type.Int or Schema.Type.Long or Schema.Type.Float or Schema.Type.Double => FieldType.Number,
        Schema.Type.String or Schema.Type.Bytes or Schema.Type.Enumeration => FieldType.Text,
        _ => null,
    };

    private static RecordSchema Load(string name)
    {
        using var stream = typeof(EventSchemas).Assembly.GetManifestResourceStream(name + ".avsc")
            ?? throw new InvalidOperationException($"{name}.avsc is not embedded; see the EmbeddedResource of Streaming.Contracts.csproj");
        using var reader = new StreamReader(stream);
        var json = JObject.Parse(reader.ReadToEnd());
        var fields = (Key: Take(json, "streaming.key"), Time: Take(json, "streaming.time"));
        var schema = (RecordSchema)Schema.Parse(json.ToString());
        s_recordFields.Add(schema, schema.Contains(fields.Key) && schema.Contains(fields.Time)
            ? fields
            : throw new InvalidOperationException($"{name}.avsc: streaming.key and streaming.time name no fields of the record"));
        var wrong = SchemaCompatibility.CheckDefaults(schema);
        return wrong.IsEmpty ? schema : throw new InvalidOperationException($"{name}.avsc: {string.Join("; ", wrong)}");
    }

    // Only this build reads them. The registry gets the schema without them, because the id in every event depends on the text.
    private static string Take(JObject schema, string property)
    {
        var value = (string?)schema[property] ?? string.Empty;
        schema.Remove(property);
        return value;
    }
}
