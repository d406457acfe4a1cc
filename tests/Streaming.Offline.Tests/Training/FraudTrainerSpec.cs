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
}
