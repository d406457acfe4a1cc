using System.Diagnostics.CodeAnalysis;
using Avro;
using Newtonsoft.Json.Linq;

namespace Streaming.Contracts.Schemas;

/// <summary>A schema's JSON as it comes from a file, a registry or a user.</summary>
public static class SchemaText
{
    private const int MaxCharacters = 200;

    /// <summary>
    /// Parses a schema; on failure <paramref name="fault"/> says what is wrong with it. Apache.Avro throws exceptions of any type
    /// (a failed cast, a null, an enum's name), so each exception is a fault of the text; for a type that it does not know it answers null.
    /// </summary>
    public static bool TryParse(string json, [NotNullWhen(true)] out Schema? schema, [NotNullWhen(false)] out string? fault)
    {
        try
        {
            schema = Schema.Parse(json);
            fault = schema is null ? Fault(json, "it is of no type of Avro") : null;
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            (schema, fault) = (null, Fault(json, error.Message));
        }

        return fault is null;
    }

    /// <summary>As <see cref="TryParse"/>, for a text that was a schema when it was stored.</summary>
    internal static Schema Parse(string json) => TryParse(json, out var schema, out var fault) ? schema : throw new FormatException(fault);

    /// <summary>The same bytes on the wire, as plain numbers, texts and bytes.</summary>
    internal static Schema WithoutLogicalTypes(Schema schema)
    {
        var json = JToken.Parse(schema.ToString());
        foreach (var type in json.SelectTokens("$..logicalType").Select(token => token.Parent!).ToList())
        {
            type.Remove();
        }

        return Schema.Parse(json.ToString());
    }

    private static string Fault(string text, string why) => $"not an Avro schema but {Kind(text)} ({OneLine(why)})";

    /// <summary>What else a schema may be, for people: registries hold other kinds, too, and not all say so.</summary>
    private static string Kind(string text) => text.AsSpan().TrimStart() switch
    {
        [] => "an empty text",
        ['<', ..] => $"XML or HTML: {OneLine(text)}",
        var start when start.StartsWith("syntax") || start.StartsWith("message ") || start.StartsWith("package ") =>
            $"Protobuf: {OneLine(text)}",
        ['{', ..] when Has(text, "\"$schema\"") || Has(text, "\"properties\"") => $"JSON Schema: {OneLine(text)}",
        _ => OneLine(text),
    };

    private static bool Has(string text, string word) => text.Contains(word, StringComparison.Ordinal);

    private static string OneLine(string text)
    {
        var words = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return words.Length <= MaxCharacters ? words : words[..MaxCharacters] + "...";
    }
}
