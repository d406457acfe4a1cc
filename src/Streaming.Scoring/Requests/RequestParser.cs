// Hot: one call per request; only faults allocate.
using System.Globalization;
using System.Text.Json;
using Streaming.Features.Events;
using Streaming.Features.Numerics;
using Streaming.Hocon;
using Streaming.Scoring.Turns;

namespace Streaming.Scoring.Requests;

/// <summary>Reads a scoring request's JSON object into the columns of its <see cref="ScoreCall"/>.</summary>
public static class RequestParser
{
    /// <summary>The JSON options for one request or an array of them: no comments, no trailing commas, shallow nesting.</summary>
    public static JsonReaderOptions Options => new() { MaxDepth = 8 };

    /// <summary>Reads a whole body that is one object. Null if the request is valid; the call then holds it.</summary>
    internal static RequestFault? Parse(ReadOnlySpan<byte> json, ScoreCall call)
    {
        var reader = new Utf8JsonReader(json, Options);
        try
        {
            reader.Read();
            var fault = ParseObject(ref reader, json.Length, call);
            if (fault is null)
            {
                reader.Read();
            }

            return fault;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Malformed(e);
        }
    }

    /// <summary>Reads one object at which the reader stands, and leaves the reader at its end.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="InvalidOperationException">A name in it is not valid text.</exception>
    internal static RequestFault? ParseObject(ref Utf8JsonReader reader, int jsonBytes, ScoreCall call)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return new(
                RequestFaultKind.NotAnObject,
                string.Empty,
                $"met {NameOf(reader.TokenType)}, expected an object such as {{\"card_id\":\"card_12345\",\"amount\":250.0}}");
        }

        call.Reset(jsonBytes);
        var seen = 0UL;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = Find(call.Schema, ref reader);
            if (field is null)
            {
                return Unknown(call.Schema, reader.GetString()!);
            }

            var bit = 1UL << field.Column;
            reader.Read();
            if ((seen & bit) != 0)
            {
                return new(RequestFaultKind.DuplicateField, field.Name, $"\"{field.Name}\" is given twice; give it once");
            }

            seen |= bit;
            if (ReadValue(ref reader, field, call) is { } fault)
            {
                return fault;
            }
        }

        return Complete(call, seen);
    }

    /// <summary>What is wrong with a body, from the exception of its reader.</summary>
    public static RequestFault Malformed(Exception e) => new(
        RequestFaultKind.MalformedJson,
        string.Empty,
        e is JsonException at
            ? string.Create(
                CultureInfo.InvariantCulture, $"line {at.LineNumber + 1}, byte {at.BytePositionInLine + 1}: the body is not JSON here")
            : "a name in the body is not valid text: half of a surrogate pair");

    private static RequestField? Find(RequestSchema schema, ref Utf8JsonReader reader)
    {
        foreach (var field in schema.Fields)
        {
            if (reader.ValueTextEquals(field.Utf8Name))
            {
                return field;
            }
        }

        return null;
    }

    private static RequestFault? ReadValue(ref Utf8JsonReader reader, RequestField field, ScoreCall call)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            call.Request[field.Column]!.SetNull(0);
            return field.IsRequired ? WrongType(field, "null") : null;
        }

        return field.Type switch
        {
            FieldType.Text => ReadText(ref reader, field, call),
            FieldType.Number => ReadNumber(ref reader, field, call),
            FieldType.Flag => ReadFlag(ref reader, field, call),
            _ => ReadTime(ref reader, field, call),
        };
    }

    private static RequestFault? ReadText(ref Utf8JsonReader reader, RequestField field, ScoreCall call)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return WrongType(field, NameOf(reader.TokenType));
        }

        if (!IsWellFormed(ref reader))
        {
            return new(
                RequestFaultKind.WrongType,
                field.Name,
                $"\"{field.Name}\" is not valid text: half of a surrogate pair or a byte that is not UTF-8");
        }

        var length = reader.CopyString(call.FreeTexts);
        call.Request.Texts(field.Column).Set(0, call.TextBytes, length);
        call.TextBytes += length;
        if ((field.IsKey || field.IsId) && length > EventLimits.KeyBytesMax)
        {
            return new(
                RequestFaultKind.OutOfRange,
                field.Name,
                $"\"{field.Name}\" has {length} bytes; {(field.IsKey ? EventLimits.KeyRule : EventLimits.IdRule)}");
        }

        return length == 0 && (field.IsRequired || field.IsId)
            ? new(RequestFaultKind.EmptyText, field.Name, $"\"{field.Name}\" is empty; name one")
            : null;
    }

    private static bool IsWellFormed(ref Utf8JsonReader reader) =>
        (!reader.ValueIsEscaped && System.Text.Unicode.Utf8.IsValid(reader.ValueSpan))
            || (reader.ValueIsEscaped && CanUnescape(ref reader));

    private static bool CanUnescape(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString() is not null;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static RequestFault? ReadNumber(ref Utf8JsonReader reader, RequestField field, ScoreCall call)
    {
        if (reader.TokenType != JsonTokenType.Number)
        {
            return WrongType(field, NameOf(reader.TokenType));
        }

        // The rule for events. A number beyond it fits no window and no float, and the model would see it as missing.
        if (!reader.TryGetDouble(out var number) || !NumberRange.Contains(number))
        {
            return new(RequestFaultKind.OutOfRange, field.Name, $"\"{field.Name}\" is out of range: {NumberRange.Rule}");
        }

        call.Request.Numbers(field.Column)[0] = number;
        return number < field.Minimum
            ? new(
                RequestFaultKind.BelowMinimum,
                field.Name,
                string.Create(CultureInfo.InvariantCulture, $"\"{field.Name}\" is {number}, expected {field.Minimum} or more"))
            : null;
    }

    private static RequestFault? ReadFlag(ref Utf8JsonReader reader, RequestField field, ScoreCall call)
    {
        if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False))
        {
            return WrongType(field, NameOf(reader.TokenType));
        }

        call.Request.Numbers(field.Column)[0] = reader.TokenType == JsonTokenType.True ? 1 : 0;
        return null;
    }

    private static RequestFault? ReadTime(ref Utf8JsonReader reader, RequestField field, ScoreCall call)
    {
        if (!Instants.TryRead(ref reader, out var millis))
        {
            return new(RequestFaultKind.WrongTime, field.Name, $"\"{field.Name}\" is not a time, expected {Instants.Expected}");
        }

        call.Request.Times(field.Column)[0] = millis;
        return null;
    }

    /// <summary>Puts defaults and nulls where the request says nothing.</summary>
    private static RequestFault? Complete(ScoreCall call, ulong seen)
    {
        var schema = call.Schema;
        foreach (var field in schema.Fields)
        {
            if ((seen & (1UL << field.Column)) != 0)
            {
                continue;
            }

            if (field.IsRequired)
            {
                return new(
                    RequestFaultKind.MissingField,
                    field.Name,
                    $"\"{field.Name}\" is missing; every request needs " +
                    $"{string.Join(" and ", schema.Fields.Where(f => f.IsRequired).Select(f => f.Name))}");
            }

            if (field.Default is null)
            {
                call.Request[field.Column]!.SetNull(0);
            }
            else
            {
                call.Request.Texts(field.Column).SetConstant(0, field.DefaultSlice.Start, field.DefaultSlice.Length);
            }
        }

        return null;
    }

    private static RequestFault Unknown(RequestSchema schema, string met)
    {
        var names = schema.Fields.Select(field => field.Name);
        var shown = Excerpt.Of(met);
        return new(
            RequestFaultKind.UnknownField,
            shown,
            $"\"{shown}\" is not a field of {schema.Source.Name}{NearestName.Phrase(met, names, ", expected ")}");
    }

    private static RequestFault WrongType(RequestField field, string met) =>
        new(RequestFaultKind.WrongType, field.Name, $"\"{field.Name}\" is {met}, expected {Expected(field.Type)}");

    private static string Expected(FieldType type) => type switch
    {
        FieldType.Text => "a text",
        FieldType.Number => "a number",
        FieldType.Flag => "true or false",
        _ => Instants.Expected,
    };

    private static string NameOf(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a text",
        JsonTokenType.Number => "a number",
        JsonTokenType.True => "true",
        JsonTokenType.False => "false",
        JsonTokenType.Null => "null",
        _ => "something else",
    };
}
