using System.Numerics;
using FsCheck;
using FsCheck.Xunit;
using Streaming.Features.Numerics;

namespace Streaming.Features.Tests.Numerics;

public sealed class ExactSumSpec
{
    private const int Seed = 1;

    private static readonly double[] s_edges =
    [
        0.1, -0.1, 0.01, 1e-12, 1e-18, -1e-18, 1.0 / 3, 1, -1, 19.99, NumberRange.MaxMagnitude, -NumberRange.MaxMagnitude,
        Math.BitDecrement(NumberRange.MaxMagnitude), NumberRange.MinMagnitude, -NumberRange.MinMagnitude, Math.BitIncrement(NumberRange.MinMagnitude),
    ];

    public static TheoryData<double> Edges => [.. s_edges];

    [Theory]
    [MemberData(nameof(Edges))]
    public void A_single_value_is_its_own_sum_to_the_last_bit(double value)
    {
        Span<long> total = stackalloc long[ExactSum.Words];
        ExactSum.Add(total, value);
        Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(ExactSum.ToDouble(total)));
    }

    [Theory]
    [MemberData(nameof(Edges))]
    public void The_mean_of_equal_values_is_the_value(double value)
    {
        Span<long> total = stackalloc long[ExactSum.Words];
        for (var count = 1; count <= 1000; count++)
        {
            ExactSum.Add(total, value);
            Assert.Equal(value, ExactSum.Divide(total, count));
        }
    }

    [Property(MaxTest = 200)]
    public void Sums_and_means_are_those_of_big_integers_rounded_once((DoNotSize<int> Mantissa, byte Exponent, DoNotSize<uint> Count)[] steps)
    {
        Span<long> total = stackalloc long[ExactSum.Words];
        var twin = BigInteger.Zero;
        foreach (var (mantissa, exponent, drawn) in steps.Select(step => (step.Mantissa.Item, step.Exponent, step.Count.Item)))
        {
            // Of any magnitude in the range, evenly by exponent; counts up to 2^41, powers of two among them.
            var value = (mantissa < 0 ? -1 : 1) * (1 + (Math.Abs((double)mantissa) / int.MaxValue)) * Math.ScaleB(1, (exponent % 160) - 108);
            var count = drawn % 4 == 0 ? 1L << (int)(drawn % 42) : 1 + ((long)drawn << (exponent % 10));
            twin += Rational.Units(value);
            ExactSum.Add(total, value);
            Assert.Equal(Rational.Nearest(twin, 1), ExactSum.ToDouble(total));
            Assert.Equal(Rational.Nearest(twin, count), ExactSum.Divide(total, count));
        }
    }

    [Fact]
    public void Ties_go_to_even()
    {
        Span<long> total = stackalloc long[ExactSum.Words];
        ExactSum.Add(total, 1);
        ExactSum.Add(total, Math.ScaleB(1, -53));
        Assert.Equal(1, ExactSum.ToDouble(total));
        ExactSum.Add(total, Math.ScaleB(1, -108));
        Assert.Equal(Math.BitIncrement(1), ExactSum.ToDouble(total));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MinValue)]
    public void Without_a_count_above_zero_there_is_no_mean(long count)
    {
        Span<long> total = stackalloc long[ExactSum.Words];
        ExactSum.Add(total, 1);
        Assert.Equal(double.NaN, ExactSum.Divide(total, count));
    }

    [Fact]
    public void What_was_added_is_taken_away_without_a_trace()
    {
        var random = new Random(Seed);
        double[] values = [.. s_edges, .. Enumerable.Range(0, 1000).Select(_ => Value(random))];
        Span<long> sum = stackalloc long[ExactSum.Words];
        Span<long> squares = stackalloc long[ExactSum.SquareWords];
        foreach (var value in values)
        {
            ExactSum.Add(sum, value);
            ExactSum.AddSquare(squares, value);
        }

        random.Shuffle(values);
        foreach (var value in values)
        {
            ExactSum.Subtract(sum, value);
            ExactSum.SubtractSquare(squares, value);
        }

        Assert.False(sum.ContainsAnyExcept(0L));
        Assert.False(squares.ContainsAnyExcept(0L));
    }

    [Fact]
    public void Squares_are_those_of_big_integers()
    {
        var random = new Random(Seed);
        Span<long> squares = stackalloc long[ExactSum.SquareWords];
        var twin = BigInteger.Zero;
        foreach (var value in s_edges.Concat(Enumerable.Range(0, 2000).Select(_ => Value(random))))
        {
            ExactSum.AddSquare(squares, value);
            twin += BigInteger.Pow(Rational.Units(value), 2);
            Assert.True(twin == Big(squares) << (2 * (1200 - ExactSum.FractionBits)), $"seed {Seed}: {value:R}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Two_to_the_41_of_the_largest_fit(int sign)
    {
        Span<long> total = stackalloc long[ExactSum.Words];
        var units = (BigInteger)NumberRange.MaxMagnitude * sign << (41 + ExactSum.FractionBits);
        for (var i = 0; i < total.Length; i++)
        {
            total[i] = (long)(ulong)((units >> (64 * i)) & ulong.MaxValue);
        }

        Assert.Equal(sign * Math.ScaleB(1, 94), ExactSum.ToDouble(total));
        Assert.Equal(sign * NumberRange.MaxMagnitude, ExactSum.Divide(total, 1L << 41));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-0.0)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    [InlineData(1e300)]
    [InlineData(1e-40)]
    [InlineData(double.Epsilon)]
    public void What_no_column_holds_and_zero_leave_a_sum_as_it_is(double value)
    {
        Span<long> total = stackalloc long[ExactSum.SquareWords];
        ExactSum.Add(total[..ExactSum.Words], value);
        ExactSum.AddSquare(total, value);
        Assert.False(total.ContainsAnyExcept(0L));
    }

    // Of any magnitude in the range, evenly by exponent.
    private static double Value(Random random) => (random.Next(2) == 0 ? 1 : -1) * (1 + random.NextDouble()) * Math.ScaleB(1, random.Next(-108, 53));

    private static BigInteger Big(ReadOnlySpan<long> words)
    {
        var result = BigInteger.Zero;
        for (var i = words.Length - 1; i >= 0; i--)
        {
            result = (result << 64) + (ulong)words[i];
        }

        return result;
    }
}
