// Hot: one call per request; only faults allocate.
using System.Text.Json;

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
            return RequestFaults.Malformed(e);
        }
    }

    /// <summary>Reads one object at which the reader stands, and leaves the reader at its end.</summary>
    /// <exception cref="JsonException">It is not JSON.</exception>
    /// <exception cref="InvalidOperationException">A name in it is not valid text.</exception>
    internal static RequestFault? ParseObject(ref Utf8JsonReader reader, int jsonBytes, ScoreCall call)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return RequestFaults.NotAnObject(call.Schema, reader.TokenType);
        }

        call.Reset(jsonBytes);
        var seen = 0UL;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = Find(call.Schema, ref reader);
            if (field is null)
            {
                return RequestFaults.Unknown(call.Schema, reader.GetString()!);
            }

            var bit = 1UL << field.Column;
            reader.Read();
            if ((seen & bit) != 0)
            {
                return new(RequestFaultKind.DuplicateField, field.Name, $"\"{field.Name}\" is given twice; give it once");
            }

            seen |= bit;
            if (RequestValues.Read(ref reader, field, call) is { } fault)
            {
                return fault;
            }
        }

        return Complete(call, seen);
    }

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
                return RequestFaults.Missing(schema, field);
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
}
