using Streaming.Simulation.Generators;

namespace Streaming.Simulation.Tests.Generators;

public class StableRandomSpec
{
    [Fact]
    public void The_first_numbers_never_change()
    {
        // Computed by a second implementation, in another language.
        var random = new StableRandom(1, StableStream.TransactionDay, 0);
        ulong[] first = [random.NextBits(), random.NextBits(), random.NextBits()];
        Assert.Equal([2_295_601_846_106_415_198, 894_088_117_880_889_076, 9_758_002_655_635_001_390], first);
    }

    [Fact]
    public void Its_logarithm_is_the_platforms_within_the_last_bits()
    {
        var random = new StableRandom(2, StableStream.Cards, 0);
        for (var i = 0; i < 100_000; i++)
        {
            var x = random.NextDouble() * Math.Pow(10, random.Below(40) - 20);
            Assert.Equal(0, (StableRandom.Log(x) - Math.Log(x)) / Math.Max(1, Math.Abs(Math.Log(x))), 1e-15);
        }
    }

    [Fact]
    public void Distributions_have_their_moments()
    {
        const int Draws = 400_000;
        var random = new StableRandom(3, StableStream.Cards, 0);
        var normal = Enumerable.Range(0, Draws).Select(_ => random.Normal(10, 3)).ToArray();
        var poisson = Enumerable.Range(0, Draws).Select(_ => (double)random.Poisson(2.5)).ToArray();
        var exponential = Enumerable.Range(0, Draws).Select(_ => random.Exponential()).ToArray();
        Assert.Equal((10.0, 3.0), Moments(normal), new Near(0.03));
        Assert.Equal((2.5, Math.Sqrt(2.5)), Moments(poisson), new Near(0.03));
        Assert.Equal((1.0, 1.0), Moments(exponential), new Near(0.03));
        Assert.Equal(0.0455, normal.Count(x => Math.Abs(x - 10) > 6) / (double)Draws, 0.002);
    }

    [Fact]
    public void Below_is_even()
    {
        var random = new StableRandom(4, StableStream.Cards, 0);
        var counts = new int[7];
        for (var i = 0; i < 70_000; i++)
        {
            counts[random.Below(7)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 9_600, 10_400));
    }

    private static (double Mean, double Deviation) Moments(double[] values)
    {
        var mean = values.Average();
        return (mean, Math.Sqrt(values.Average(x => (x - mean) * (x - mean))));
    }

    private sealed class Near(double tolerance) : IEqualityComparer<(double, double)>
    {
        public bool Equals((double, double) x, (double, double) y) =>
            Math.Abs(x.Item1 - y.Item1) < tolerance && Math.Abs(x.Item2 - y.Item2) < tolerance;

        public int GetHashCode((double, double) value) => 0;
    }
}
