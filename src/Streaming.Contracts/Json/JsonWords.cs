using System.Text;
using System.Text.Json;
using Avro;
using Streaming.Contracts.Schemas;

namespace Streaming.Contracts.Json;

/// <summary>The words of faults in JSON: what was found, and what would be right for a schema.</summary>
internal static class JsonWords
{
    /// <summary>What would be right for a schema instead of a value of this kind, for people: a text needs no bounds of numbers.</summary>
    public static string Expected(Schema schema, JsonTokenType found) =>
        found != JsonTokenType.Number && SchemaFacts.Single(schema, out var nullable) is { } single && TimeUnits.Of(single) == TimeUnit.None
            && SchemaFacts.Base(single).Tag is Schema.Type.Float or Schema.Type.Double
        ? (found == JsonTokenType.String ? "a number, without quotes" : "a number") + (nullable ? ", or null" : "")
        : Expected(schema);

    /// <summary>What would be right for a schema, for people.</summary>
    public static string Expected(Schema schema)
    {
        var single = SchemaFacts.Single(schema, out var nullable);
        return single switch
        {
            null => "null",
            EnumSchema symbols => $"one of {string.Join(", ", symbols.Symbols)}",
            ArraySchema array => $"an array of {Expected(array.ItemSchema)}",
            _ when TimeUnits.Of(single) != TimeUnit.None =>
                "milliseconds since 1970 as an integer, or ISO 8601 text with an offset such as 2026-01-31T12:00:00Z",
            _ => SchemaFacts.Base(single).Tag switch
            {
                Schema.Type.Boolean => "true or false",
                Schema.Type.Int => "an integer of 32 bits",
                Schema.Type.Long => "an integer of 64 bits",
                Schema.Type.Float or Schema.Type.Double => "a number of at most 2^53 in magnitude",
                Schema.Type.Bytes => "base64 text",
                _ => "text",
            },
        } + (nullable ? ", or null" : "");
    }

    /// <summary>The value at the reader, for messages; long texts are cut.</summary>
    public static string Describe(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.Null => "null",
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.String => $"\"{Shown(ref reader)}\"",
        JsonTokenType.Number => Shown(ref reader),
        _ => "nothing",
    };

    /// <summary>The raw text, escapes and all, cut: it only goes into messages.</summary>
    public static string Shown(ref Utf8JsonReader reader)
    {
        const int most = 40;
        var text = Encoding.UTF8.GetString(reader.ValueSpan);
        return text.Length <= most ? text : text[..most] + "...";
    }
}
