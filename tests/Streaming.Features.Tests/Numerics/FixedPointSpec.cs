using System.Numerics;
using Streaming.Features.Numerics;

namespace Streaming.Features.Tests.Numerics;

public class FixedPointSpec
{
    private static readonly double[] s_exact =
    [
        0, 1, -1, 0.1, -0.1, 0.0625, -0.0625, 0.07, -19.99, 1e6 + 0.01, Math.Pow(2, -56), -Math.Pow(2, -56), -3 * Math.Pow(2, -56),
        9007199254740991, -9007199254740991, 9007199254740992, -9007199254740992, 4503599627370495.5, -4503599627370495.5,
    ];

    public static TheoryData<double> Exact => [.. s_exact];

    [Theory]
    [MemberData(nameof(Exact))]
    public void A_value_within_its_range_comes_back_as_the_same_bits(double value) =>
        Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits(FixedPoint.ToDouble(FixedPoint.FromDouble(value))));

    [Fact]
    public void Random_values_come_back_as_the_same_bits()
    {
        const int seed = 1;
        var random = new Random(seed);
        for (var i = 0; i < 20_000; i++)
        {
            var value = (random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-1, 54));
            if (Math.Abs(value) >= 1.0 / 16)
            {
                Assert.True(value.Equals(FixedPoint.ToDouble(FixedPoint.FromDouble(value))), $"seed {seed}: {value:R}");
            }
        }
    }

    [Theory]
    [InlineData(1e300, NumberRange.MaxMagnitude)]
    [InlineData(-1e300, -NumberRange.MaxMagnitude)]
    [InlineData(double.PositiveInfinity, NumberRange.MaxMagnitude)]
    [InlineData(double.NegativeInfinity, -NumberRange.MaxMagnitude)]
    [InlineData(1e-30, 0)]
    [InlineData(-1e-30, 0)]
    public void What_it_cannot_hold_becomes_the_nearest_that_it_can(double value, double expected) =>
        Assert.Equal(expected, FixedPoint.ToDouble(FixedPoint.FromDouble(value)));

    [Fact]
    public void A_value_is_rounded_to_the_nearest_multiple_of_its_unit()
    {
        const int seed = 2;
        var random = new Random(seed);
        for (var i = 0; i < 20_000; i++)
        {
            var value = (random.NextDouble() - 0.5) * Math.Pow(2, random.Next(-70, 54));
            var (numerator, exponent) = Parts(value);
            var shift = exponent + FixedPoint.FractionBits;
            var twice = shift >= 0 ? numerator << (shift + 1) : new BigInteger(Math.ScaleB((double)numerator, shift + 1));
            var distance = BigInteger.Abs(((BigInteger)FixedPoint.FromDouble(value) * 2) - twice);
            Assert.True(distance <= 1, $"seed {seed}: {value:R} is {distance}/2 units off");
        }
    }

    [Fact]
    public void A_sum_is_exact_and_its_double_the_nearest()
    {
        const int seed = 3;
        var random = new Random(seed);
        for (var stream = 0; stream < 200; stream++)
        {
            Int128 sum = 0;
            var twin = BigInteger.Zero;
            for (var i = random.Next(1, 200); i > 0; i--)
            {
                var value = FixedPoint.FromDouble((random.NextDouble() - 0.5) * Math.Pow(2, random.Next(0, 53)));
                sum += value;
                twin += (BigInteger)value;
                Assert.Equal(twin, (BigInteger)sum);
                AssertNearest(twin, FixedPoint.ToDouble(sum), $"seed {seed}");
            }
        }
    }

    [Fact]
    public void As_many_of_the_largest_as_promised_fit()
    {
        var largest = (BigInteger)FixedPoint.FromDouble(NumberRange.MaxMagnitude);
        Assert.True(262_143 * largest <= (BigInteger)Int128.MaxValue);
        Assert.Equal(262_143 * NumberRange.MaxMagnitude, FixedPoint.ToDouble((Int128)(262_143 * largest)));
        Assert.Equal(-262_143 * NumberRange.MaxMagnitude, FixedPoint.ToDouble((Int128)(-262_143 * largest)));
    }

    [Fact]
    public void Words_hold_every_value()
    {
        Span<long> words = stackalloc long[2];
        foreach (var value in new[] { 0, 1, -1, Int128.MaxValue, Int128.MinValue, FixedPoint.FromDouble(-0.1) })
        {
            FixedPoint.Store(value, words);
            Assert.Equal(value, FixedPoint.Load(words));
        }
    }

    // No neighbouring double is nearer to the exact quotient value / 2^56.
    private static void AssertNearest(BigInteger value, double actual, string context)
    {
        var distance = Distance(value, actual);
        Assert.True(
            distance <= Distance(value, Math.BitIncrement(actual)) && distance <= Distance(value, Math.BitDecrement(actual)),
            $"{context}: {actual:R} is not the double nearest to {value} / 2^56");
    }

    // |value / 2^56 - number| in units of 2^-1200.
    private static BigInteger Distance(BigInteger value, double number)
    {
        var (numerator, exponent) = Parts(number);
        return BigInteger.Abs((value << (1200 - FixedPoint.FractionBits)) - (numerator << (1200 + exponent)));
    }

    private static (BigInteger Numerator, int Exponent) Parts(double value)
    {
        var bits = BitConverter.DoubleToInt64Bits(value);
        var exponent = (int)((bits >> 52) & 0x7FF);
        var mantissa = (bits & ((1L << 52) - 1)) | (exponent == 0 ? 0 : 1L << 52);
        return (bits < 0 ? -mantissa : mantissa, Math.Max(exponent, 1) - 1075);
    }
}
