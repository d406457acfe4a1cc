// Hot: used per event by sums, per read by their rounding.
using System.Numerics;

namespace Streaming.Features.Numerics;

/// <summary>Unsigned integers of several 64-bit words, lowest first, in spans: just what exact sums and variances need.</summary>
internal static class WideInteger
{
    private const int MantissaBits = 53;

    /// <summary>Adds three words to the lowest three of <paramref name="target"/>, modulo its width; two where it has two.</summary>
    public static void Add(Span<ulong> target, ulong low, ulong middle, ulong high)
    {
        var sum = (UInt128)target[0] + low;
        target[0] = (ulong)sum;
        sum = (sum >> 64) + target[1] + middle;
        target[1] = (ulong)sum;
        for (var i = 2; i < target.Length; i++)
        {
            sum = (sum >> 64) + target[i] + high;
            target[i] = (ulong)sum;
            high = 0;
            if ((ulong)(sum >> 64) == 0)
            {
                return;
            }
        }
    }

    /// <summary>Takes three words from the lowest three of <paramref name="target"/>, modulo its width; two where it has two.</summary>
    public static void Subtract(Span<ulong> target, ulong low, ulong middle, ulong high)
    {
        var difference = (Int128)target[0] - low;
        target[0] = (ulong)difference;
        difference = (difference >> 64) + target[1] - middle;
        target[1] = (ulong)difference;
        for (var i = 2; i < target.Length; i++)
        {
            difference = (difference >> 64) + target[i] - high;
            target[i] = (ulong)difference;
            high = 0;
            if (difference >= 0)
            {
                return;
            }
        }
    }

    /// <summary>Takes <paramref name="subtrahend"/> from <paramref name="target"/>, modulo the target's width.</summary>
    public static void Subtract(Span<ulong> target, ReadOnlySpan<ulong> subtrahend)
    {
        Int128 difference = 0;
        for (var i = 0; i < target.Length; i++)
        {
            difference = (difference >> 64) + target[i] - (i < subtrahend.Length ? subtrahend[i] : 0);
            target[i] = (ulong)difference;
        }
    }

    /// <summary>Zero minus the number, modulo its width.</summary>
    public static void Negate(Span<ulong> value)
    {
        UInt128 carry = 1;
        for (var i = 0; i < value.Length; i++)
        {
            carry += ~value[i];
            value[i] = (ulong)carry;
            carry >>= 64;
        }
    }

    /// <summary>The square of a number, in twice as many words.</summary>
    public static void Square(ReadOnlySpan<ulong> value, Span<ulong> result)
    {
        result.Clear();
        for (var i = 0; i < value.Length; i++)
        {
            UInt128 carry = 0;
            for (var j = 0; j < value.Length; j++)
            {
                carry += ((UInt128)value[i] * value[j]) + result[i + j];
                result[i + j] = (ulong)carry;
                carry >>= 64;
            }

            result[i + value.Length] = (ulong)carry;
        }
    }

    /// <summary>Multiplies by a factor; the result has one word more than <paramref name="value"/>.</summary>
    public static void Multiply(ReadOnlySpan<ulong> value, ulong factor, Span<ulong> result)
    {
        UInt128 carry = 0;
        for (var i = 0; i < value.Length; i++)
        {
            carry += (UInt128)value[i] * factor;
            result[i] = (ulong)carry;
            carry >>= 64;
        }

        result[value.Length] = (ulong)carry;
    }

    /// <summary>
    /// The double nearest to <paramref name="value"/> x 2^<paramref name="exponent"/>, ties to even. Not for subnormal results.
    /// </summary>
    public static double ToDouble(ReadOnlySpan<ulong> value, int exponent) => Divide(value, 1, exponent);

    /// <summary>
    /// The double nearest to <paramref name="value"/> / <paramref name="divisor"/> x 2^<paramref name="exponent"/>, ties to even.
    /// The divisor is below 2^63. Not for subnormal results.
    /// </summary>
    public static double Divide(ReadOnlySpan<ulong> value, ulong divisor, int exponent)
    {
        var last = value.Length - 1;
        while (last >= 0 && value[last] == 0)
        {
            last--;
        }

        if (last < 0)
        {
            return 0;
        }

        // The 128 highest bits are enough for the quotient's 53 and its half: with what is below them only whether there is anything
        // counts.
        var shift = BitOperations.LeadingZeroCount(value[last]);
        var (high, middle, low) = (value[last], last > 0 ? value[last - 1] : 0, last > 1 ? value[last - 2] : 0);
        var top = new UInt128(high, middle) << shift | (shift == 0 ? 0 : low >> (64 - shift));
        var isInexact = (low << shift) != 0 || last > 2 && value[..(last - 2)].ContainsAnyExcept(0UL);
        exponent += (64 * (last - 1)) - shift;
        if (divisor > 1)
        {
            var quotient = top / divisor;
            isInexact |= quotient * divisor != top;
            top = quotient;
        }

        return Round(top, isInexact, exponent);
    }

    // A value of more than 53 bits where it is inexact.
    private static double Round(UInt128 value, bool isInexact, int exponent)
    {
        var drop = 128 - (int)UInt128.LeadingZeroCount(value) - MantissaBits;
        if (drop <= 0)
        {
            return (double)(ulong)value * PowerOfTwo(exponent);
        }

        var mantissa = (ulong)(value >> drop);
        var half = UInt128.One << (drop - 1);
        var rest = value & ((half << 1) - 1);
        mantissa += rest > half || (rest == half && (isInexact || (mantissa & 1) == 1)) ? 1UL : 0;
        return mantissa * PowerOfTwo(exponent + drop);
    }

    private static double PowerOfTwo(int exponent) => BitConverter.Int64BitsToDouble((long)(exponent + 1023) << 52);
}
