// Hot: used per event by sums, per read by their rounding.
using System.Numerics;

namespace Streaming.Features.Numerics;

/// <summary>Unsigned integers of several 64-bit words, lowest first, in spans: just what exact sums and variances need.</summary>
internal static class WideInteger
{
    // The bits of a word that a double's 53 leave.
    private const int DroppedBits = 64 - 53;

    // Up to here a word whose highest bit is set has a quotient of 55 bits: a double's, the half of the last one, and one to spare.
    private const ulong DividesOneWord = 1UL << 9;

    /// <summary>
    /// Adds three words to the lowest three of <paramref name="target"/>, modulo its width; two where it has two. The highest is below
    /// 2^63.
    /// </summary>
    public static void Add(Span<ulong> target, ulong low, ulong middle, ulong high)
    {
        var sum = target[0] + low;
        target[0] = sum;
        middle += sum < low ? 1UL : 0;
        high += middle == 0 && sum < low ? 1UL : 0;
        sum = target[1] + middle;
        target[1] = sum;
        var rest = high + (sum < middle ? 1UL : 0);
        for (var i = 2; rest != 0 && i < target.Length; i++)
        {
            sum = target[i] + rest;
            target[i] = sum;
            rest = sum < rest ? 1UL : 0;
        }
    }

    /// <summary>
    /// Takes three words from the lowest three of <paramref name="target"/>, modulo its width; two where it has two. The highest is below
    /// 2^63.
    /// </summary>
    public static void Subtract(Span<ulong> target, ulong low, ulong middle, ulong high)
    {
        var word = target[0];
        target[0] = word - low;
        middle += word < low ? 1UL : 0;
        high += middle == 0 && word < low ? 1UL : 0;
        word = target[1];
        target[1] = word - middle;
        var rest = high + (word < middle ? 1UL : 0);
        for (var i = 2; rest != 0 && i < target.Length; i++)
        {
            word = target[i];
            target[i] = word - rest;
            rest = word < rest ? 1UL : 0;
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
        high = (high << shift) | (middle >> 1 >> (63 - shift));
        middle = (middle << shift) | (low >> 1 >> (63 - shift));
        var isInexact = (low << shift) != 0 || last > 2 && value[..(last - 2)].ContainsAnyExcept(0UL);
        exponent += (64 * last) - shift;
        if (divisor == 1)
        {
            return Round(high, isInexact || middle != 0, exponent);
        }

        if (divisor <= DividesOneWord)
        {
            var (quotient, remainder) = Math.DivRem(high, divisor);
            return Round(quotient, isInexact || middle != 0 || remainder != 0, exponent);
        }

        var all = new UInt128(high, middle);
        var longQuotient = all / divisor;
        isInexact |= longQuotient * divisor != all;
        shift = (int)UInt128.LeadingZeroCount(longQuotient);
        longQuotient <<= shift;
        return Round((ulong)(longQuotient >> 64), isInexact || (ulong)longQuotient != 0, exponent - shift);
    }

    // A value above zero x 2^exponent, of at least 55 bits where it is inexact, which is to say that the true value is a little more.
    private static double Round(ulong value, bool isInexact, int exponent)
    {
        var shift = BitOperations.LeadingZeroCount(value);
        value <<= shift;
        const ulong Half = 1UL << (DroppedBits - 1);
        var mantissa = value >> DroppedBits;
        var dropped = value & ((Half << 1) - 1);
        mantissa += dropped > Half || (dropped == Half && (isInexact || (mantissa & 1) == 1)) ? 1UL : 0;
        return mantissa * PowerOfTwo(exponent + DroppedBits - shift);
    }

    private static double PowerOfTwo(int exponent) => BitConverter.Int64BitsToDouble((long)(exponent + 1023) << 52);
}
