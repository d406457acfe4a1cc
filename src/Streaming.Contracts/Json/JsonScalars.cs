using System.Text.Json;
using Avro;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;

namespace Streaming.Contracts.Json;

/// <summary>A JSON value that is neither an object nor an array as Avro.</summary>
internal static class JsonScalars
{
    /// <summary>
    /// Escapes may make half a surrogate pair, and bytes may be invalid UTF-8: the reader throws only when the text is read.
    /// </summary>
    public static bool TryWrite(ref Utf8JsonReader reader, Schema schema, AvroBuffer output)
    {
        try
        {
            return TryWriteWellFormed(ref reader, schema, output);
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static bool TryWriteWellFormed(ref Utf8JsonReader reader, Schema schema, AvroBuffer output) => SchemaFacts.Base(schema) switch
    {
        EnumSchema symbols => TryWriteSymbol(ref reader, symbols, output),
        _ when TimeUnits.Of(schema) is var unit and not TimeUnit.None => TryWriteTime(ref reader, unit, output),
        { Tag: Schema.Type.Boolean } => TryWriteBoolean(ref reader, output),
        { Tag: Schema.Type.Int } => JsonNumbers.TryWriteInteger(ref reader, int.MinValue, int.MaxValue, output),
        { Tag: Schema.Type.Long } => JsonNumbers.TryWriteInteger(ref reader, long.MinValue, long.MaxValue, output),
        { Tag: Schema.Type.Float } => JsonNumbers.TryWriteNumber(ref reader, isFloat: true, output),
        { Tag: Schema.Type.Double } => JsonNumbers.TryWriteNumber(ref reader, isFloat: false, output),
        { Tag: Schema.Type.String } => TryWriteText(ref reader, output),
        { Tag: Schema.Type.Bytes } => TryWriteBytes(ref reader, output),
        _ => false,
    };

    private static bool TryWriteSymbol(ref Utf8JsonReader reader, EnumSchema symbols, AvroBuffer output)
    {
        for (var i = 0; reader.TokenType == JsonTokenType.String && i < symbols.Symbols.Count; i++)
        {
            if (reader.ValueTextEquals(symbols.Symbols[i]))
            {
                output.WriteLong(i);
                return true;
            }
        }

        return false;
    }

    private static bool TryWriteTime(ref Utf8JsonReader reader, TimeUnit unit, AvroBuffer output)
    {
        if (!TryReadMillis(ref reader, out var millis))
        {
            return false;
        }

        if (!TimeUnits.TryFromMillis(millis, unit, out var value))
        {
            return false;
        }

        output.WriteLong(value);
        return true;
    }

    /// <summary>A text without an offset is refused: it would mean another instant on every machine.</summary>
    private static bool TryReadMillis(ref Utf8JsonReader reader, out long millis)
    {
        millis = 0;
        if (reader.TokenType == JsonTokenType.Number)
        {
            return reader.TryGetInt64(out millis) && BareTime.IsMilliseconds(millis);
        }

        if (reader.TokenType != JsonTokenType.String || !HasOffset(ref reader) || !reader.TryGetDateTimeOffset(out var time))
        {
            return false;
        }

        millis = time.ToUnixTimeMilliseconds();
        return true;
    }

    public static bool IsSeconds(ref Utf8JsonReader reader, Schema schema, out long number)
    {
        number = 0;
        return TimeUnits.Of(schema) != TimeUnit.None
            && reader.TokenType == JsonTokenType.Number
            && reader.TryGetInt64(out number)
            && !BareTime.IsMilliseconds(number);
    }

    private static bool HasOffset(ref Utf8JsonReader reader)
    {
        var text = JsonWords.Shown(ref reader);
        var time = text.IndexOf('T', StringComparison.Ordinal);
        return time > 0 && text.AsSpan(time).IndexOfAny('Z', '+', '-') > 0;
    }

    private static bool TryWriteBoolean(ref Utf8JsonReader reader, AvroBuffer output)
    {
        if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False))
        {
            return false;
        }

        output.WriteBoolean(reader.GetBoolean());
        return true;
    }

    private static bool TryWriteText(ref Utf8JsonReader reader, AvroBuffer output)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return false;
        }

        output.WriteText(reader.GetString()!);
        return true;
    }

    private static bool TryWriteBytes(ref Utf8JsonReader reader, AvroBuffer output)
    {
        if (reader.TokenType != JsonTokenType.String || !reader.TryGetBytesFromBase64(out var bytes))
        {
            return false;
        }

        output.WriteBytes(bytes);
        return true;
    }
}
