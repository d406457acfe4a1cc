using System.Globalization;
using System.Text;
using System.Text.Json;
using Avro;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;

namespace Streaming.Contracts.Json;

/// <summary>One JSON value as one Avro value. Each method leaves the reader on the value's last token, whatever the outcome.</summary>
internal static class JsonValues
{
    private static readonly JsonFault s_none = new("", "", "");

    /// <summary>Whether events with this field can be given as JSON.</summary>
    public static void Require(Field field)
    {
        var schema = SchemaFacts.Single(field.Schema, out _);
        schema = schema is ArraySchema array ? SchemaFacts.Single(array.ItemSchema, out _) : schema;
        if (schema is null or RecordSchema or MapSchema or FixedSchema or ArraySchema)
        {
            throw new ArgumentException(
                $"the field {field.Name} of type {SchemaFacts.Describe(field.Schema)} cannot be given as JSON; flatten it");
        }
    }

    public static bool TryWrite(ref Utf8JsonReader reader, Schema schema, AvroBuffer output, out JsonFault fault)
    {
        if (schema is UnionSchema union)
        {
            return TryWriteUnion(ref reader, union, output, out fault);
        }

        if (schema is ArraySchema array)
        {
            return TryWriteItems(ref reader, array, output, out fault);
        }

        fault = s_none;
        if (JsonScalars.TryWrite(ref reader, schema, output))
        {
            return true;
        }

        fault = new JsonFault(
            "", JsonScalars.IsSeconds(ref reader, schema, out var number)
                ? BareTime.Fault(number)
                : Describe(ref reader), Expected(schema, reader.TokenType));
        reader.Skip();
        return false;
    }

    /// <summary>What would be right for a schema instead of a value of this kind, for people: a text needs no bounds of numbers.</summary>
    private static string Expected(Schema schema, JsonTokenType found) =>
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

    private static bool TryWriteUnion(ref Utf8JsonReader reader, UnionSchema union, AvroBuffer output, out JsonFault fault)
    {
        fault = s_none;
        var single = SchemaFacts.Single(union, out var nullable)!;
        if (reader.TokenType == JsonTokenType.Null && nullable)
        {
            output.WriteLong(union.Schemas.ToList().FindIndex(branch => branch.Tag == Schema.Type.Null));
            return true;
        }

        var found = reader.TokenType;
        output.WriteLong(union.Schemas.IndexOf(single));
        if (TryWrite(ref reader, single, output, out fault))
        {
            return true;
        }

        fault = fault.Field.Length == 0 ? fault with { Expected = Expected(union, found) } : fault;
        return false;
    }

    private static bool TryWriteItems(ref Utf8JsonReader reader, ArraySchema array, AvroBuffer output, out JsonFault fault)
    {
        fault = s_none;
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            fault = new JsonFault("", Describe(ref reader), Expected(array));
            reader.Skip();
            return false;
        }

        var items = new AvroBuffer();
        var count = 0;
        for (; reader.Read() && reader.TokenType != JsonTokenType.EndArray; count++)
        {
            if (!TryWrite(ref reader, array.ItemSchema, items, out var itemFault) && ReferenceEquals(fault, s_none))
            {
                fault = itemFault with { Field = string.Create(CultureInfo.InvariantCulture, $"[{count}]") };
            }
        }

        if (count > 0)
        {
            output.WriteLong(count);
            output.WriteRaw(items.Written);
        }

        output.WriteLong(0);
        return ReferenceEquals(fault, s_none);
    }

    /// <summary>The raw text, escapes and all, cut: it only goes into messages.</summary>
    public static string Shown(ref Utf8JsonReader reader)
    {
        const int most = 40;
        var text = Encoding.UTF8.GetString(reader.ValueSpan);
        return text.Length <= most ? text : text[..most] + "...";
    }
}
