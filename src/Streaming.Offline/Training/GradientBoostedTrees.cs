using System.Collections.Immutable;
using Streaming.Offline.Training.LightGbm;

namespace Streaming.Offline.Training;

/// <summary>
/// Boosted trees for a yes-or-no question, trained by LightGBM and evaluated here: the score is the logistic function of the sum of
/// the leaves that a row falls into. This evaluation, in doubles on float inputs, is what exported models are compared with.
/// </summary>
public sealed class GradientBoostedTrees
{
    private readonly double _sigmoid;

    internal GradientBoostedTrees(ImmutableArray<string> featureNames, ImmutableArray<DecisionTree> trees, double sigmoid, string modelText)
        : this(featureNames, trees, sigmoid, new TreesOrigin([modelText], 1, 0))
    {
    }

    internal GradientBoostedTrees(
        ImmutableArray<string> featureNames, ImmutableArray<DecisionTree> trees, double sigmoid, TreesOrigin origin)
    {
        FeatureNames = featureNames;
        Trees = trees;
        Origin = origin;
        _sigmoid = sigmoid;
    }

    /// <summary>The columns that the trees read.</summary>
    public ImmutableArray<string> FeatureNames { get; }

    /// <summary>The trees; the first one's leaves hold the average too.</summary>
    public ImmutableArray<DecisionTree> Trees { get; }

    /// <summary>The model as LightGBM writes it; of several boosters one after the other, without what was done to them since.</summary>
    public string ModelText => string.Concat(Origin.ModelTexts);

    /// <summary>The factor of the sum of leaves before the logistic function; 1 unless LightGBM is configured otherwise.</summary>
    public double Sigmoid => _sigmoid;

    /// <summary>What LightGBM trained, and what was made of it.</summary>
    internal TreesOrigin Origin { get; }

    /// <summary>Trains.</summary>
    /// <exception cref="LightGbmException">LightGBM refuses the rows or the options.</exception>
    public static GradientBoostedTrees Train(TrainingSet set, BoostingOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(set);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        ArgumentOutOfRangeException.ThrowIfZero(set.Rows);
        return Parse(LightGbmBooster.Train(set, options, cancellation), set.FeatureNames);
    }

    /// <summary>Reads a model text of LightGBM (objective binary, numerical splits, constant leaves).</summary>
    /// <exception cref="FormatException">It is no such text.</exception>
    public static GradientBoostedTrees Parse(string modelText, ImmutableArray<string> featureNames) =>
        LightGbmModelText.Parse(modelText, featureNames);

    /// <summary>The sum of a row's leaves, the logarithm of the odds.</summary>
    public double Raw(ReadOnlySpan<float> row)
    {
        var sum = 0.0;
        foreach (var tree in Trees)
        {
            sum += tree.Evaluate(row);
        }

        return sum;
    }

    /// <summary>A row's probability.</summary>
    public double Predict(ReadOnlySpan<float> row) => 1 / (1 + Math.Exp(-_sigmoid * Raw(row)));

    /// <summary>The probabilities of all rows of a set.</summary>
    public double[] Predict(TrainingSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        var scores = new double[set.Rows];
        for (var row = 0; row < scores.Length; row++)
        {
            scores[row] = Predict(set.Row(row));
        }

        return scores;
    }

    /// <summary>How much each feature's splits reduced the loss, in the features' order.</summary>
    public double[] GainByFeature()
    {
        var gains = new double[FeatureNames.Length];
        foreach (var tree in Trees)
        {
            foreach (var split in tree.Splits)
            {
                gains[split.Feature] += split.Gain;
            }
        }

        return gains;
    }
}
