using System.Text.Json;
using Streaming.Contracts.Codecs;
using Streaming.Features.Numerics;

namespace Streaming.Contracts.Json;

/// <summary>A JSON number as one of Avro's, if that holds what was written.</summary>
public static class JsonNumbers
{
    private const double SmallestNormal = 2.2250738585072014E-308;

    internal static bool TryWriteInteger(ref Utf8JsonReader reader, long minimum, long maximum, AvroBuffer output)
    {
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var value) || value < minimum || value > maximum)
        {
            return false;
        }

        output.WriteLong(value);
        return true;
    }

    internal static bool TryWriteNumber(ref Utf8JsonReader reader, bool isFloat, AvroBuffer output)
    {
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetDouble(out var value) || !IsHeld(ref reader, value))
        {
            return false;
        }

        if (isFloat)
        {
            output.WriteFloat((float)value);
        }
        else
        {
            output.WriteDouble(value);
        }

        return true;
    }

    /// <summary>
    /// Whether a double holds what was written: at most 2^53, up to which whole numbers are exact, and not so small that digits are
    /// lost. Other numbers are not allowed in events (<see cref="NumberRange"/>).
    /// </summary>
    /// <param name="reader">At the number.</param>
    /// <param name="value">The double that it was read as.</param>
    public static bool IsHeld(ref Utf8JsonReader reader, double value) => Math.Abs(value) switch
    {
        0 => !MantissaOf(reader.ValueSpan).ContainsAnyInRange((byte)'1', (byte)'9'),
        NumberRange.MaxMagnitude => reader.TryGetInt64(out var whole) && whole == (long)value,
        var magnitude => magnitude is >= SmallestNormal and < NumberRange.MaxMagnitude,
    };

    private static ReadOnlySpan<byte> MantissaOf(ReadOnlySpan<byte> number) =>
        number.IndexOfAny((byte)'e', (byte)'E') is >= 0 and var exponent ? number[..exponent] : number;
}
