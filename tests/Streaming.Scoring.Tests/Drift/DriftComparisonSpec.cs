using Streaming.Scoring.Drift;

namespace Streaming.Scoring.Tests.Drift;

/// <summary>Drift that is there is found, and none is found where there is none.</summary>
public class DriftComparisonSpec
{
    private const int TrainingRows = 20_000;

    /// <summary>Sixteen kinds of features, a hundred runs, windows of 200 to 5,000 rows.</summary>
    [Fact]
    public void A_hundred_runs_without_drift_raise_no_alarm()
    {
        for (var run = 0; run < 100; run++)
        {
            var random = new Random(run);
            for (var kind = 0; kind < 16; kind++)
            {
                var finding = Window(Baseline(random, kind), random, random.Next(DriftBound.RowsMin, 5_000), kind, value => value);
                Assert.True(finding.Level == DriftLevel.None, $"run {run}, kind {kind}: {finding}");
            }
        }
    }

    [Theory]
    [InlineData(500)]
    [InlineData(5_000)]
    public void A_distribution_that_moves_by_a_deviation_is_significant(int rows)
    {
        for (var run = 0; run < 20; run++)
        {
            var random = new Random(run);
            var finding = Window(Baseline(random, 0), random, rows, 0, value => value + 1);
            Assert.True(finding.Level == DriftLevel.Significant, finding.ToString());
            Assert.InRange(finding.Wasserstein, 0.7, 1.6);
            Assert.InRange(finding.KolmogorovSmirnov, 0.2, 0.6);
            Assert.True(finding.Psi > finding.Bound);
        }
    }

    [Fact]
    public void Values_that_training_has_not_are_found()
    {
        var random = new Random(1);
        var finding = Window(Baseline(random, 0), random, 2_000, 0, value => value > 1 ? 1_000 : value);
        Assert.Equal(DriftLevel.Significant, finding.Level);
        Assert.InRange(finding.OutsideRate, 0.1, 0.25);
    }

    [Fact]
    public void A_category_that_training_has_not_is_found()
    {
        var random = new Random(1);
        var finding = Window(Baseline(random, 3), random, 2_000, 3, value => value == 2 ? 99 : value);
        Assert.Equal(DriftLevel.Significant, finding.Level);
        Assert.Equal(double.NaN, finding.KolmogorovSmirnov);
    }

    [Fact]
    public void Values_that_are_missing_now_are_found()
    {
        var random = new Random(1);
        var finding = Window(Baseline(random, 0), random, 2_000, 0, value => random.Next(5) == 0 ? double.NaN : value);
        Assert.Equal(DriftLevel.Significant, finding.Level);
        Assert.InRange(finding.MissingRate, 0.15, 0.25);
        Assert.True(finding.Psi < DriftBound.Moderate, "the values themselves are as in training");
    }

    [Fact]
    public void A_feature_that_vanishes_is_found()
    {
        var random = new Random(1);
        var finding = Window(Baseline(random, 0), random, 2_000, 0, _ => double.NaN);
        Assert.Equal(DriftLevel.Significant, finding.Level);
        Assert.Equal(double.NaN, finding.Psi);
    }

    [Fact]
    public void Few_rows_are_not_judged()
    {
        var random = new Random(1);
        Assert.Equal(DriftLevel.TooFewRows, Window(Baseline(random, 0), random, DriftBound.RowsMin - 1, 0, value => value + 9).Level);
    }

    /// <summary>A mean that wanders through training widens the bound by what it wandered.</summary>
    [Fact]
    public void What_training_itself_moves_is_no_drift()
    {
        var random = new Random(1);
        double[] wandering = [.. Enumerable.Range(0, TrainingRows).Select(i => (2 * Math.Sin(i / 1_500.0)) + Normal(random))];
        var baseline = BaselineBuilder.Of("x", wandering);
        Assert.True(baseline.Noise!.PsiMean > 0.2, "chunks of training differ from the whole of it");
        var finding = Compare(baseline, [.. wandering.Skip(4_000).Take(1_000)]);
        Assert.True(finding.Psi > DriftBound.Significant, "a fixed threshold would cry wolf");
        Assert.Equal(DriftLevel.None, finding.Level);
    }

    private static BaselineHistogram Baseline(Random random, int kind) =>
        BaselineBuilder.Of("x", [.. Enumerable.Range(0, TrainingRows).Select(_ => Value(random, kind))]);

    private static DriftFinding Window(BaselineHistogram baseline, Random random, int rows, int kind, Func<double, double> change) =>
        Compare(baseline, [.. Enumerable.Range(0, rows).Select(_ => change(Value(random, kind)))]);

    private static DriftFinding Compare(BaselineHistogram baseline, double[] values)
    {
        var counts = new long[baseline.Cells];
        foreach (var value in values)
        {
            counts[baseline.CellOf(value)]++;
        }

        return DriftComparison.Of(baseline, counts);
    }

    // Normal, log-normal, mostly zero, few values, rare values, often missing, ...
    private static double Value(Random random, int kind) => (kind % 8) switch
    {
        0 => Normal(random),
        1 => Math.Exp(2 * Normal(random)),
        2 => random.Next(10) < 9 ? 0 : random.NextDouble(),
        3 => random.Next(4),
        4 => random.Next(1_000) == 0 ? 1 : 0,
        5 => random.Next(3) == 0 ? double.NaN : Normal(random),
        6 => Math.Floor(Math.Exp(Normal(random))),
        _ => random.Next(200) == 0 ? double.NaN : random.Next(30),
    };

    private static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
