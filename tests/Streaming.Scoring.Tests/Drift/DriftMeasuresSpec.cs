using Streaming.Scoring.Drift;

namespace Streaming.Scoring.Tests.Drift;

/// <summary>Distances against numbers computed by hand, and what holds for all.</summary>
public class DriftMeasuresSpec
{
    private static readonly double[] s_reference = [0.4, 0.6];
    private static readonly double[] s_current = [0.8, 0.2];

    // 0.4 ln 2 + (-0.4) ln (1/3); a test of Hopsworks has the same pair and number.
    [Fact]
    public void The_stability_index_is_that_of_the_textbook() =>
        Assert.Equal((0.4 * Math.Log(2)) + (0.4 * Math.Log(3)), DriftMeasures.PopulationStability(s_reference, s_current), 1e-12);

    // Divergence in bits: (0.8 log2(4/3) + 0.2 log2(1/2) + 0.4 log2(2/3) + 0.6 log2(3/2)) / 2 = 0.1245.
    [Fact]
    public void The_Jensen_Shannon_distance_is_the_root_of_the_divergence_in_bits() =>
        Assert.Equal(0.3528615, DriftMeasures.JensenShannon(s_reference, s_current), 1e-6);

    [Fact]
    public void Cells_in_common_none_are_a_distance_of_one() => Assert.Equal(1, DriftMeasures.JensenShannon([1, 0], [0, 1]), 1e-12);

    // An empty cell is 0.000001 of 1.000001.
    [Fact]
    public void An_empty_cell_is_raised_to_epsilon()
    {
        const double Total = 1 + 1e-6;
        var expected = (((1 / Total) - 0.5) * Math.Log(2 / Total)) + (((1e-6 / Total) - 0.5) * Math.Log(2e-6 / Total));
        Assert.Equal(expected, DriftMeasures.PopulationStability([5, 5], [7, 0]), 1e-12);
    }

    [Fact]
    public void Kolmogorov_Smirnov_is_the_greatest_difference_of_cumulated_shares() =>
        Assert.Equal(0.5, DriftMeasures.KolmogorovSmirnov([1, 1, 1, 1], [3, 1, 0, 0]), 1e-12);

    // All mass moves from [0, 1] to [2, 3]: two units. Half of [0, 2] to one side: the line crosses zero in the middle.
    [Fact]
    public void Wasserstein_is_the_way_that_the_mass_goes()
    {
        Assert.Equal(2, DriftMeasures.Wasserstein([1, 0, 0], [0, 0, 1], [0, 1, 2, 3]), 1e-12);
        Assert.Equal(0.4, DriftMeasures.Wasserstein(s_reference, s_current, [0, 1, 2]), 1e-12);
        Assert.Equal(0.5 / 2, DriftMeasures.Wasserstein([0, 2, 0], [1, 0, 1], [0, 0, 1, 1]), 1e-12);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Equal_distributions_are_no_distance_apart_and_others_are_as_far_both_ways(int seed)
    {
        var random = new Random(seed);
        double[] a = [.. Enumerable.Range(0, 12).Select(_ => (double)random.Next(0, 50))];
        double[] b = [.. Enumerable.Range(0, 12).Select(_ => (double)random.Next(1, 50))];
        double[] tenfold = [.. a.Select(share => share * 10)];
        double[] edges = [.. Enumerable.Range(0, 13).Select(edge => edge * 0.5)];
        Assert.Equal(0, DriftMeasures.PopulationStability(a, tenfold), 1e-9);
        Assert.Equal(0, DriftMeasures.JensenShannon(a, tenfold), 1e-6);
        Assert.Equal(0, DriftMeasures.KolmogorovSmirnov(a, tenfold), 1e-12);
        Assert.Equal(0, DriftMeasures.Wasserstein(a, tenfold, edges), 1e-12);
        Assert.Equal(DriftMeasures.PopulationStability(a, b), DriftMeasures.PopulationStability(b, a), 1e-12);
        Assert.Equal(DriftMeasures.JensenShannon(a, b), DriftMeasures.JensenShannon(b, a), 1e-12);
        Assert.Equal(DriftMeasures.Wasserstein(a, b, edges), DriftMeasures.Wasserstein(b, a, edges), 1e-12);
    }

    [Fact]
    public void Without_rows_there_is_no_number()
    {
        Assert.Equal(double.NaN, DriftMeasures.PopulationStability([1, 1], [0, 0]));
        Assert.Equal(double.NaN, DriftMeasures.KolmogorovSmirnov([0, 0], [1, 1]));
    }
}
