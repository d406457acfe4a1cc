using Streaming.Offline.Training;

namespace Streaming.Offline.Tests.Training;

public class FraudTrainerSpec
{
    private static readonly FraudTrainingOptions s_options = new() { FeatureService = "fraud", Boosting = new() { Rounds = 10, NumThreads = 1 } };

    [Fact]
    public void A_split_trains_on_one_part_and_measures_on_the_other()
    {
        var set = Rows.Random(seed: 31, rows: 8_000);
        var split = new DelayedSplit { Start = DateTimeOffset.UnixEpoch };
        var model = FraudTrainer.Train(set, s_options with { Split = split });
        var (train, test) = split.Apply(set);
        Assert.Equal(train.Fingerprint(), model.TrainingFingerprint);
        Assert.Equal(test.Rows, model.Metrics!.Rows);
        Assert.Equal(RankingMetrics.AucRoc(test.Labels, model.Trees.Predict(test)), model.Metrics.AucRoc);
        Assert.NotNull(model.Metrics.CardPrecisionAt100);
    }

    [Fact]
    public void Without_a_split_nothing_is_measured() => Assert.Null(FraudTrainer.Train(Rows.Random(seed: 32, rows: 2_000), s_options).Metrics);

    [Fact]
    public void Rows_of_one_class_are_told()
    {
        var set = Rows.Random(seed: 33, rows: 100);
        Array.Clear(set.Labels);
        Assert.Contains("of 100 rows 0 are fraud:", Assert.Throws<TrainingException>(() => FraudTrainer.Train(set, s_options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Arrays_that_do_not_fit_are_told() =>
        Assert.Contains("needs 10 numbers", Assert.Throws<ArgumentException>(() => new TrainingSet(["a", "b"], new float[9], new float[5], new long[5])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_baseline_counts_each_value_once_in_the_bin_it_lies_in()
    {
        double[] values = [.. Enumerable.Range(0, 1_000).Select(i => (double)(i % 100)), double.NaN, double.NaN];
        var histogram = BaselineHistogram.Of("x", values);
        Assert.Equal(2, histogram.Missing);
        Assert.Equal(BaselineHistogram.MaxBins, histogram.Counts.Length);
        for (var bin = 0; bin < histogram.Counts.Length; bin++)
        {
            var low = bin == 0 ? double.NegativeInfinity : histogram.Edges[bin - 1];
            var high = bin == histogram.Edges.Length ? double.PositiveInfinity : histogram.Edges[bin];
            Assert.Equal(values.Count(value => value > low && value <= high), histogram.Counts[bin]);
        }
    }

    [Fact]
    public void A_constant_or_missing_feature_has_one_bin()
    {
        Assert.Equal(3, Assert.Single(BaselineHistogram.Of("x", [7, 7, 7]).Counts));
        Assert.Equal(0, Assert.Single(BaselineHistogram.Of("x", [double.NaN]).Counts));
    }
}
