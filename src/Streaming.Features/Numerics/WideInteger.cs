// Hot: used per event by sums, per read by their rounding.
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Streaming.Features.Numerics;

/// <summary>Unsigned integers of several 64-bit words, lowest first, in spans: just what exact sums and variances need.</summary>
internal static class WideInteger
{
    // A quotient from here on has 55 bits: a double's 53, the half of the last one, and one that says whether there is more.
    private const ulong SmallestFull = 1UL << 54;

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
    /// The divisor is from 1 to 2^63 - 1. Not for subnormal results.
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
        var isInexact = (low << shift) != 0 || (last > 2 && value[..(last - 2)].ContainsAnyExcept(0UL));
        return Divide(high, middle, isInexact, divisor, exponent + (64 * last) - shift);
    }

    // Long division in steps of as many bits as fit (Knuth, The Art of Computer Programming 2, 4.3.1, exercise 16). The first
    // is enough for divisors up to 2^9, as the highest bit of the high word is set.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double Divide(ulong high, ulong low, bool isInexact, ulong divisor, int exponent)
    {
        var (quotient, remainder) = divisor == 1 ? (high, 0) : Math.DivRem(high, divisor);
        while (quotient < SmallestFull)
        {
            var bits = Math.Min(BitOperations.LeadingZeroCount(divisor), BitOperations.LeadingZeroCount(quotient));
            (var digit, remainder) = Math.DivRem((remainder << bits) | (low >> (64 - bits)), divisor);
            quotient = (quotient << bits) | digit;
            low <<= bits;
            exponent -= bits;
        }

        // Where something is left, an odd last bit keeps it in mind ("round to odd"), so the conversion's rounding is the only one.
        quotient |= isInexact || (low | remainder) != 0 ? 1UL : 0;
        return quotient * PowerOfTwo(exponent);
    }

    private static double PowerOfTwo(int exponent) => BitConverter.Int64BitsToDouble((long)(exponent + 1023) << 52);
}
