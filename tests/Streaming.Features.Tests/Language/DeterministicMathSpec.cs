using System.Globalization;
using Streaming.Features.Language.Expressions;

namespace Streaming.Features.Tests.Language;

public class DeterministicMathSpec
{
    // From IEEE 754 arithmetic alone; the other tests say that they are right, this one that they stay.
    private static readonly string[] s_goldenBits = ["4005BF0A8B14576A", "3E1B93DE1E27CA3B", "40026BB1BBB55516", "C0864E69394D9508", "3FB8663F793C46C7"];

    [Fact]
    public void Exp_is_within_two_units_in_the_last_place() =>
        Compare(DeterministicMath.Exp, Math.Exp, random => random.NextDouble() * 1500 - 750);

    [Fact]
    public void Exp_is_right_around_zero() =>
        Compare(DeterministicMath.Exp, Math.Exp, random => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-20, 1)));

    [Fact]
    public void Log_is_within_two_units_in_the_last_place() =>
        Compare(DeterministicMath.Log, Math.Log, random => Math.Abs(BitConverter.Int64BitsToDouble(random.NextInt64())));

    [Fact]
    public void Log_is_right_around_one() =>
        Compare(DeterministicMath.Log, Math.Log, random => 1 + (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-15, 1)));

    [Fact]
    public void Log1p_agrees_with_the_series_where_x_is_tiny() => Compare(
        DeterministicMath.Log1p,
        x => x - x * x / 2 + x * x * x / 3,
        random => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-300, -5)));

    [Fact]
    public void Log1p_agrees_with_log_where_the_sum_is_exact() =>
        Compare(DeterministicMath.Log1p, x => Math.Log(1 + x), random => random.Next(0, 1 << 30));

    [Theory]
    [InlineData(0, double.NegativeInfinity)]
    [InlineData(-1, double.NaN)]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    public void Log_at_the_edges(double x, double expected)
    {
        Assert.Equal(expected, DeterministicMath.Log(x));
        Assert.Equal(expected, DeterministicMath.Log1p(x - 1));
    }

    [Theory]
    [InlineData(double.NaN, double.NaN)]
    [InlineData(double.PositiveInfinity, double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity, 0)]
    [InlineData(710, double.PositiveInfinity)]
    [InlineData(-746, 0)]
    public void Exp_at_the_edges(double x, double expected) => Assert.Equal(expected, DeterministicMath.Exp(x));

    [Fact]
    public void Bits_are_the_same_on_every_machine()
    {
        double[] values =
        [
            DeterministicMath.Exp(1), DeterministicMath.Exp(-20.25), DeterministicMath.Log(10), DeterministicMath.Log(1e-310),
            DeterministicMath.Log1p(0.1),
        ];

        Assert.Equal(s_goldenBits, values.Select(value => BitConverter.DoubleToInt64Bits(value).ToString("X16", CultureInfo.InvariantCulture)));
    }

    private static void Compare(Func<double, double> own, Func<double, double> reference, Func<Random, double> input)
    {
        var random = new Random(1);
        for (var i = 0; i < 50_000; i++)
        {
            var x = input(random);
            var (found, expected) = (own(x), reference(x));
            var apart = Math.Abs(BitConverter.DoubleToInt64Bits(found) - BitConverter.DoubleToInt64Bits(expected));
            if (apart > 2 && !(double.IsNaN(found) && double.IsNaN(expected)))
            {
                Assert.Fail($"x = {x:R}: {found:R}, expected {expected:R}, {apart} units apart");
            }
        }
    }
}
