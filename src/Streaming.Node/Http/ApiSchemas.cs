using System.Globalization;
using System.Text.Json.Nodes;
using Avro;
using Microsoft.OpenApi;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;
using Streaming.Features.Numerics;
using Streaming.Features.Plans;
using Streaming.Scoring;
using Streaming.Scoring.Requests;

namespace Streaming.Node.Http;

/// <summary>The shapes of bodies for the OpenAPI document.</summary>
internal static class ApiSchemas
{
    private const string KeyMeaning = $"Names an entity: {EventLimits.KeyRule}.";

    public static OpenApiSchema ScoreRequest(RequestSchema request)
    {
        // A service without a request has no fields.
        var events = EventSchemas.ByTopic.GetValueOrDefault(request.Source.Name)!;
        var schema = Object([.. request.Fields.Select(field => (field.Name, (IOpenApiSchema)Of(field, events), field.IsRequired))]);
        schema.AdditionalPropertiesAllowed = false;
        return schema;
    }

    public static OpenApiSchema ScoreAnswer(RequestSchema request, Scorer scorer)
    {
        var members = new List<(string, IOpenApiSchema, bool)>
        {
            ("score", new OpenApiSchema { Type = JsonSchemaType.Number, Minimum = "0", Maximum = "1" }, true),
            ("decision", Text(["approve", "review", "decline"]), true),
            ("reasons", ArrayOf(Text(scorer.Definition.Reasons.Select(reason => reason.Name))), true),
            ("model", Text(), true),
            ("at", Time("The event time of the read."), true),
            ("as_of", Nullable(Time("The newest event time that the node had read; null before the first event.")), true),
            ("fallback", Flag("Whether the declared fallback answered instead of the model."), true),
            ("fallback_reason", Text(FallbackCauseNames.All.Select(cause => FallbackCauseNames.Of(cause).Value)), false),
            ("features_stale", Flag("Whether the node is behind its log."), true),
            ("history_from", Time("Since when there are events behind the features; only where their windows reach further back."), false),
            ("entities_missing", ArrayOf(Text(scorer.Service.Entities.Select(entity => entity.Plan.Entity.Name))), true),
            ("explanation", Explanation(), false),
        };
        if (request.NameColumn >= 0)
        {
            members.Insert(0, (request.Fields[request.NameColumn].Name, Text(), true));
        }

        return Object([.. members]);
    }

    private static OpenApiSchema Explanation()
    {
        static OpenApiSchema Number() => new() { Type = JsonSchemaType.Number };
        var schema = Object(
            ("method", Text(["tree_shap", "linear", "none"]), true),
            ("why", Text(), false),
            ("unit", Text(["log_odds", "score"]), false),
            ("base", Number(), false),
            ("margin", Number(), false),
            (
                "contributions",
                ArrayOf(Object(
                    ("code", Text(), true),
                    ("feature", Text(), true),
                    ("value", Nullable(Number()), true),
                    ("contribution", Number(), true),
                    ("text", Text(), true))),
                false),
            ("others", Number(), false));
        schema.Description = "What each feature contributes; only where it is asked for and the model answered.";
        return schema;
    }

    public static OpenApiSchema Features() => Object(
        ("entity", Text(), true),
        ("key", Text(), true),
        ("at", Time("The event time of the read."), true),
        ("as_of", Nullable(Time("The newest event time that the node had read; null before the first event.")), true),
        ("features_stale", Flag("Whether the node is behind its log."), true),
        ("history_from", Time("Since when there are events behind the features; only where their windows reach further back."), false),
        ("features", new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = Feature() }, true));

    public static OpenApiSchema FeaturesRequest(FeatureCatalog catalog, int limit)
    {
        var entity = Object(("entity", Text(catalog.Entities.Select(one => one.Name)), true), ("key", Key(), true));
        entity.AdditionalPropertiesAllowed = false;
        var request = Object(
            ("entities", ArrayOf(entity, limit), true),
            ("at", Nullable(AcceptedTime("By default the newest that the node has read.")), false));
        request.AdditionalPropertiesAllowed = false;
        return request;
    }

    public static OpenApiSchema EventsAnswer() => Object(
        ("topic", Text(), true),
        (
            "events",
            ArrayOf(
                Object(
                    ("partition", new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "The partition that took it." }, true))),
            true));

    /// <param name="more">What a problem has beside what all have.</param>
    public static OpenApiSchema Problem(params (string, IOpenApiSchema, bool)[] more) => Object(
    [
        ("type", Text(), true),
        ("title", Text(), true),
        ("status", new OpenApiSchema { Type = JsonSchemaType.Integer }, true),
        ("detail", Described(Text(), "What is wrong, where, and how to correct it."), true),
        ("field", Described(Text(), "The part of the request that the problem is about."), false),
        ("faults", Described(ArrayOf(Text()), "Each fault, if there are several."), false),
        .. more,
    ]);

    public static OpenApiSchemaReference CatchingUp(OpenApiDocument document)
    {
        var partitions = ArrayOf(new OpenApiSchemaReference(nameof(PartitionBody), document));
        return Named(document, "CatchingUp", Problem(("partitions", partitions, true)));
    }

    /// <summary>An entity key.</summary>
    public static OpenApiSchema Key() => new()
    {
        Type = JsonSchemaType.String,
        MinLength = 1,
        MaxLength = EventLimits.KeyBytesMax,
        Description = KeyMeaning,
        Examples = ["card_12345"],
    };

    /// <summary>A time in a request.</summary>
    public static OpenApiSchema AcceptedTime(string? meaning) => Described(
        new() { OneOf = [Time(null), Milliseconds()], Description = Instants.Expected + "." },
        meaning);

    /// <param name="item">Of each item.</param>
    /// <param name="limit">The most items that are taken; null for any number.</param>
    public static OpenApiSchema ArrayOf(IOpenApiSchema item, int? limit = null) =>
        new() { Type = JsonSchemaType.Array, Items = item, MaxItems = limit };

    /// <summary>The same, or null.</summary>
    public static OpenApiSchema Nullable(OpenApiSchema schema)
    {
        if (schema is { Enum: null, Type: { } type })
        {
            schema.Type = type | JsonSchemaType.Null;
            return schema;
        }

        return new()
        {
            OneOf = [.. schema.OneOf ?? [schema], new OpenApiSchema { Type = JsonSchemaType.Null }],
            Description = schema.Description,
        };
    }

    /// <summary>The same schema with text put before its description.</summary>
    public static OpenApiSchema Described(OpenApiSchema schema, string? meaning)
    {
        schema.Description = meaning is null || schema.Description is null
            ? meaning ?? schema.Description
            : $"{meaning} {schema.Description}";
        return schema;
    }

    public static OpenApiSchema Text(IEnumerable<string>? words = null)
    {
        var schema = new OpenApiSchema { Type = JsonSchemaType.String };
        if (words?.ToArray() is { Length: > 0 } some)
        {
            schema.Enum = [.. some.Select(word => (JsonNode)word)];
        }

        return schema;
    }

    public static OpenApiSchema Object(params (string Name, IOpenApiSchema Schema, bool IsRequired)[] members) => new()
    {
        Type = JsonSchemaType.Object,
        Properties = members.ToDictionary(member => member.Name, member => member.Schema),
        Required = members.Where(member => member.IsRequired).Select(member => member.Name).ToHashSet(),
    };

    /// <summary>A schema by reference, so that it is in the document once and has a name in generated clients.</summary>
    public static OpenApiSchemaReference Named(OpenApiDocument document, string name, OpenApiSchema schema)
    {
        document.AddComponent(name, schema);
        return new(name, document);
    }

    private static OpenApiSchema Feature() => Object(
        ("value", new OpenApiSchema
        {
            Type = JsonSchemaType.Number | JsonSchemaType.String | JsonSchemaType.Boolean | JsonSchemaType.Null,
            Description = "A number, text, flag or time; null if it is unknown and has no default.",
        }, true),
        ("status", Text(["absent", "present", "expired"]), true),
        ("event_time", Nullable(Time("Of the newest event of its window.")), true));

    private static OpenApiSchema Of(RequestField field, RecordSchema events)
    {
        var meaning = events.Fields.Find(one => one.Name == field.Name)?.Documentation;
        var schema = field.Type switch
        {
            FieldType.Text => TextOf(field),
            FieldType.Flag => new OpenApiSchema { Type = JsonSchemaType.Boolean },
            FieldType.Number => NumberOf(field),
            _ => AcceptedTime(null),
        };
        Described(schema, meaning);
        schema.Default = field.Default is null ? null : (JsonNode)field.Default;
        return field.IsRequired ? schema : Nullable(schema);
    }

    private static OpenApiSchema Milliseconds() => new()
    {
        Type = JsonSchemaType.Integer,
        Format = "int64",
        Minimum = EventLimits.FirstMillis.ToString(CultureInfo.InvariantCulture),
        Maximum = EventLimits.LastMillis.ToString(CultureInfo.InvariantCulture),
    };

    private static OpenApiSchema TextOf(RequestField field) => new()
    {
        Type = JsonSchemaType.String,
        MinLength = field.IsRequired ? 1 : null,
        MaxLength = field.IsKey ? EventLimits.KeyBytesMax : null,
        Description = field.IsKey ? KeyMeaning : null,
    };

    private static OpenApiSchema NumberOf(RequestField field) => new()
    {
        Type = JsonSchemaType.Number,
        Minimum = Number(double.IsNaN(field.Minimum) ? -NumberRange.MaxMagnitude : field.Minimum),
        Maximum = Number(NumberRange.MaxMagnitude),
    };

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static OpenApiSchema Time(string? description) =>
        new() { Type = JsonSchemaType.String, Format = "date-time", Description = description };

    private static OpenApiSchema Flag(string description) => new() { Type = JsonSchemaType.Boolean, Description = description };
}
