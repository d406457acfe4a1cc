using System.Globalization;
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
                : JsonWords.Describe(ref reader), JsonWords.Expected(schema, reader.TokenType));
        reader.Skip();
        return false;
    }

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

        fault = fault.Field.Length == 0 ? fault with { Expected = JsonWords.Expected(union, found) } : fault;
        return false;
    }

    private static bool TryWriteItems(ref Utf8JsonReader reader, ArraySchema array, AvroBuffer output, out JsonFault fault)
    {
        fault = s_none;
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            fault = new JsonFault("", JsonWords.Describe(ref reader), JsonWords.Expected(array));
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
}
