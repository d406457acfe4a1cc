// Hot: used per event by variance, per read by its finish.
namespace Streaming.Features.Numerics;

/// <summary>
/// Unsigned integers of several 64-bit limbs, lowest first, in spans: just what an exact sum of squares needs. The sum of
/// squares of fixed-point values (109 bits each) over up to 2^32 events fits 256 bits.
/// </summary>
internal static class WideInteger
{
    /// <summary>Adds <paramref name="addend"/> to <paramref name="target"/>, modulo the target's width.</summary>
    public static void Add(Span<ulong> target, ReadOnlySpan<ulong> addend)
    {
        ulong carry = 0;
        for (var i = 0; i < target.Length; i++)
        {
            var sum = (UInt128)target[i] + (i < addend.Length ? addend[i] : 0) + carry;
            target[i] = (ulong)sum;
            carry = (ulong)(sum >> 64);
        }
    }

    /// <summary>Takes <paramref name="subtrahend"/> from <paramref name="target"/>, modulo the target's width.</summary>
    public static void Subtract(Span<ulong> target, ReadOnlySpan<ulong> subtrahend)
    {
        ulong borrow = 0;
        for (var i = 0; i < target.Length; i++)
        {
            var difference = (UInt128)target[i] - (i < subtrahend.Length ? subtrahend[i] : 0) - borrow;
            target[i] = (ulong)difference;
            borrow = (ulong)(difference >> 64) & 1;
        }
    }

    /// <summary>The square of a number, 4 limbs.</summary>
    public static void Square(UInt128 value, Span<ulong> result)
    {
        var low = (ulong)value;
        var high = (ulong)(value >> 64);
        var cross = (UInt128)low * high;
        var lowSquare = (UInt128)low * low;
        var highSquare = (UInt128)high * high;
        result[0] = (ulong)lowSquare;
        result[1] = (ulong)(lowSquare >> 64);
        result[2] = (ulong)highSquare;
        result[3] = (ulong)(highSquare >> 64);
        Span<ulong> twiceCross = [0, (ulong)(cross << 1), (ulong)(cross >> 63), (ulong)(cross >> 127)];
        Add(result, twiceCross);
    }

    /// <summary>Multiplies by a small factor; the result has one limb more than <paramref name="value"/>.</summary>
    public static void Multiply(ReadOnlySpan<ulong> value, ulong factor, Span<ulong> result)
    {
        ulong carry = 0;
        for (var i = 0; i < value.Length; i++)
        {
            var product = ((UInt128)value[i] * factor) + carry;
            result[i] = (ulong)product;
            carry = (ulong)(product >> 64);
        }

        result[value.Length] = carry;
    }

    /// <summary>The double for a number, correct to 2^-52 of its value.</summary>
    public static double ToDouble(ReadOnlySpan<ulong> value)
    {
        var result = 0.0;
        for (var i = value.Length - 1; i >= 0; i--)
        {
            result = (result * 18446744073709551616.0) + value[i];
        }

        return result;
    }
}
