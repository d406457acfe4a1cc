// Hot: every number that is not a double on the wire passes here.
using System.Globalization;

namespace Streaming.Contracts.Codecs;

/// <content>Numbers that become doubles.</content>
internal ref partial struct AvroReader
{
    private const long MaxExact = 1L << 53;
    private const int MaxDecimalBytes = 16;

    /// <summary>Powers of ten that a double holds exactly: the quotient of two exact numbers is rounded once.</summary>
    private static readonly double[] s_exactPowers = [.. Enumerable.Range(0, 23).Select(exponent => Math.Pow(10, exponent))];

    /// <summary>A long as a double; beyond 2^53 it is a fault.</summary>
    public double ReadWholeNumber()
    {
        var at = _position;
        var value = ReadLong();
        if (value is > MaxExact or < -MaxExact)
        {
            Fail(DecodeFaultKind.InexactNumber, at);
            return 0;
        }

        return value;
    }

    /// <summary>The double nearest to a decimal, whose unscaled value is written as two's complement, the highest byte first.</summary>
    /// <param name="size">The bytes of a fixed; negative where the length stands before them.</param>
    /// <param name="scale">The digits after the point.</param>
    public double ReadDecimal(int size, int scale)
    {
        var at = _position;
        var length = size;
        var start = size < 0 ? ReadSlice(out length) : Take(size);
        if (_fault.Kind != DecodeFaultKind.None)
        {
            return 0;
        }

        var bytes = _bytes.Slice(start, length);
        var sign = bytes is [>= 0x80, ..] ? (byte)0xFF : (byte)0;
        while (bytes.Length > MaxDecimalBytes && bytes[0] == sign && ((bytes[1] ^ sign) & 0x80) == 0)
        {
            bytes = bytes[1..];
        }

        if (bytes.Length is 0 or > MaxDecimalBytes)
        {
            Fail(DecodeFaultKind.InvalidDecimal, at);
            return 0;
        }

        Int128 unscaled = (sbyte)sign;
        foreach (var next in bytes)
        {
            unscaled = (unscaled << 8) | next;
        }

        return Scaled(unscaled, scale);
    }

    private static double Scaled(Int128 unscaled, int scale)
    {
        if (unscaled <= MaxExact && unscaled >= -MaxExact && scale < s_exactPowers.Length)
        {
            return (double)unscaled / s_exactPowers[scale];
        }

        // 39 digits, a sign, "E-" and the scale; parsing rounds once, to the nearest.
        Span<byte> text = stackalloc byte[64];
        unscaled.TryFormat(text, out var digits, default, CultureInfo.InvariantCulture);
        "E-"u8.CopyTo(text[digits..]);
        scale.TryFormat(text[(digits + 2)..], out var exponent, default, CultureInfo.InvariantCulture);
        return double.Parse(text[..(digits + 2 + exponent)], NumberStyles.Float, CultureInfo.InvariantCulture);
    }
}
