using System.Collections.Immutable;
using Streaming.Hocon;
using Streaming.Scoring.Drift;

namespace Streaming.Offline.Training;

/// <summary>From a training set to a model that can be saved: split, train, measure.</summary>
public static class FraudTrainer
{
    /// <summary>Splits the set as the options say, trains on one part and measures on the other.</summary>
    /// <exception cref="TrainingException">A part has no rows, or only frauds, or none.</exception>
    /// <exception cref="LightGbm.LightGbmException">LightGBM refuses the rows or the options.</exception>
    public static TrainedModel Train(TrainingSet set, FraudTrainingOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Split is null)
        {
            return Train(set, null, options, cancellation);
        }

        var (train, test) = options.Split.Apply(set);
        return Train(train, test, options, cancellation);
    }

    /// <summary>Trains on one set and measures on another; without one, measures nothing.</summary>
    internal static TrainedModel Train(
        TrainingSet train, TrainingSet? test, FraudTrainingOptions options, CancellationToken cancellation = default)
    {
        CheckBothClasses(train, "to learn from");
        if (test is not null)
        {
            CheckBothClasses(test, "to test on");
        }

        return Describe(GradientBoostedTrees.Train(train, options.Boosting, cancellation), options.FeatureService, train, test);
    }

    /// <summary>What must be known of trees later, by the rows that they learnt from and those that they are measured on.</summary>
    internal static TrainedModel Describe(GradientBoostedTrees trees, string service, TrainingSet train, TrainingSet? test) => new()
    {
        Trees = trees,
        FeatureService = service,
        TrainingFingerprint = train.Fingerprint(),
        Baseline = Baseline(train, trees),
        Metrics = test is null ? null : TrainingMetrics.Of(test, trees.Predict(test)),
    };

    private static void CheckBothClasses(TrainingSet set, string what)
    {
        var frauds = set.Labels.Count(label => label > 0.5f);
        if (frauds == 0 || frauds == set.Rows)
        {
            throw new TrainingException(
                $"the rows {what} need frauds and others; of {Counted.Of(set.Rows, "row")} {frauds} {Counted.Are(frauds)} fraud: " +
                $"take more days or cards, or check the " +
                "labels");
        }
    }

    private static ImmutableArray<BaselineHistogram> Baseline(TrainingSet train, GradientBoostedTrees trees)
    {
        var histograms = ImmutableArray.CreateBuilder<BaselineHistogram>(train.Columns + 1);
        var values = new double[train.Rows];
        for (var column = 0; column < train.Columns; column++)
        {
            for (var row = 0; row < values.Length; row++)
            {
                values[row] = train.Features[(row * train.Columns) + column];
            }

            histograms.Add(BaselineBuilder.Of(train.FeatureNames[column], values));
        }

        histograms.Add(BaselineBuilder.Of(BaselineHistogram.Score, trees.Predict(train)));
        return histograms.MoveToImmutable();
    }
}
