// Hot: one addition per aggregated value entering or leaving a window.
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Streaming.Features.Numerics;

/// <summary>
/// Sums of doubles and of their squares as wide fixed-point numbers in words of state, lowest word first. Every value that
/// <see cref="NumberRange"/> allows keeps all its bits, so a sum does not depend on the order of the events, what was added can be
/// taken away again without a trace, and it is rounded once, when it is read (docs/adr/0002-exact-sums.md). 2^41 of the largest
/// values fit. The idea of one accumulator as wide as the range is Kulisch's (Computer Arithmetic and Validity, 2008).
/// </summary>
internal static class ExactSum
{
    /// <summary>Words of a sum: a signed number with <see cref="FractionBits"/> bits behind the point.</summary>
    public const int Words = 4;

    /// <summary>Words of a sum of squares: an unsigned number with twice as many bits behind the point.</summary>
    public const int SquareWords = 8;

    /// <summary>Bits behind the point of a sum.</summary>
    public const int FractionBits = 160;

    // The biased exponent of a double whose lowest mantissa bit is the sum's lowest bit.
    private const int LowestExponent = 1075 - FractionBits;
    private const int HighestPosition = 53 - 52 + FractionBits;
    private const ulong MantissaMask = (1UL << 52) - 1;

    /// <summary>Adds a value. What a reader meets in columns that are being moved is anything; what no column holds is left out.</summary>
    public static void Add(Span<long> total, double value)
    {
        if (TrySplit(value, out var mantissa, out var position))
        {
            AddShifted(MemoryMarshal.Cast<long, ulong>(total)[(position >> 6)..], mantissa, position & 63, isNegative: value < 0);
        }
    }

    /// <summary>Takes away a value that was added.</summary>
    public static void Subtract(Span<long> total, double value) => Add(total, -value);

    /// <summary>Adds the square of a value.</summary>
    public static void AddSquare(Span<long> total, double value)
    {
        if (TrySplit(value, out var mantissa, out var position))
        {
            AddSquare(MemoryMarshal.Cast<long, ulong>(total), mantissa, 2 * position, isNegative: false);
        }
    }

    /// <summary>Takes away the square of a value that was added.</summary>
    public static void SubtractSquare(Span<long> total, double value)
    {
        if (TrySplit(value, out var mantissa, out var position))
        {
            AddSquare(MemoryMarshal.Cast<long, ulong>(total), mantissa, 2 * position, isNegative: true);
        }
    }

    /// <summary>The double nearest to a sum, ties to even.</summary>
    public static double ToDouble(ReadOnlySpan<long> total) => Divide(total, 1);

    /// <summary>
    /// The double nearest to a sum divided by a count, ties to even: a mean with one rounding lies between least and most. NaN where the
    /// count is not above zero, as in a window without numbers, or in a state of forged bytes.
    /// </summary>
    public static double Divide(ReadOnlySpan<long> total, long count)
    {
        if (count <= 0)
        {
            return double.NaN;
        }

        if (total[Words - 1] >= 0)
        {
            return WideInteger.Divide(MemoryMarshal.Cast<long, ulong>(total)[..Words], (ulong)count, -FractionBits);
        }

        Span<ulong> magnitude = stackalloc ulong[Words];
        Magnitude(total, magnitude);
        return -WideInteger.Divide(magnitude, (ulong)count, -FractionBits);
    }

    /// <summary>Writes the magnitude of a sum.</summary>
    public static void Magnitude(ReadOnlySpan<long> total, Span<ulong> magnitude)
    {
        MemoryMarshal.Cast<long, ulong>(total)[..Words].CopyTo(magnitude);
        if (total[Words - 1] < 0)
        {
            WideInteger.Negate(magnitude);
        }
    }

    // The value is mantissa x 2^(position - FractionBits), but for its sign; false for zero and for what no column holds.
    private static bool TrySplit(double value, out ulong mantissa, out int position)
    {
        var bits = BitConverter.DoubleToUInt64Bits(value);
        position = (int)((bits >> 52) & 0x7FF) - LowestExponent;
        mantissa = (bits & MantissaMask) | (MantissaMask + 1);
        return (uint)position <= HighestPosition;
    }

    // A value of at most 53 bits, shifted, is two words, and these are hardly ever left: by a carry, or by a change of the sum's sign.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddShifted(Span<ulong> total, ulong value, int shift, bool isNegative)
    {
        var (low, high) = (value << shift, value >> 1 >> (63 - shift));
        var (old, change) = (new UInt128(total[1], total[0]), new UInt128(high, low));
        var sum = isNegative ? old - change : old + change;
        if (isNegative ? sum <= old : sum >= old)
        {
            (total[0], total[1]) = ((ulong)sum, (ulong)(sum >> 64));
        }
        else if (isNegative)
        {
            WideInteger.Subtract(total, low, high, 0);
        }
        else
        {
            WideInteger.Add(total, low, high, 0);
        }
    }

    private static void AddSquare(Span<ulong> total, ulong mantissa, int position, bool isNegative)
    {
        var (high, low) = ((ulong)(Math.BigMul(mantissa, mantissa) >> 64), mantissa * mantissa);
        var offset = position & 63;
        var rest = total[(position >> 6)..];
        var middle = (high << offset) | (low >> 1 >> (63 - offset));
        if (isNegative)
        {
            WideInteger.Subtract(rest, low << offset, middle, high >> 1 >> (63 - offset));
        }
        else
        {
            WideInteger.Add(rest, low << offset, middle, high >> 1 >> (63 - offset));
        }
    }
}
