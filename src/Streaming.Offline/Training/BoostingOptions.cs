using System.Collections.Immutable;
using System.Globalization;

namespace Streaming.Offline.Training;

/// <summary>How trees are grown; names and meanings are LightGBM's. The defaults suit the handbook's data (docs/models.md).</summary>
public sealed record BoostingOptions
{
    /// <summary>Most leaves of one tree.</summary>
    public int NumLeaves { get; init; } = 15;

    /// <summary>What each tree's answer is multiplied with.</summary>
    public double LearningRate { get; init; } = 0.05;

    /// <summary>How many trees.</summary>
    public int Rounds { get; init; } = 100;

    /// <summary>Most bins of a feature. 255, LightGBM's own default, costs amounts 0.03 to 0.06 of average precision here.</summary>
    public int MaxBin { get; init; } = 4095;

    /// <summary>Least rows of a bin.</summary>
    public int MinDataInBin { get; init; } = 1;

    /// <summary>Least rows of a leaf.</summary>
    public int MinDataInLeaf { get; init; } = 50;

    /// <summary>L2 regularisation of leaves.</summary>
    public double LambdaL2 { get; init; }

    /// <summary>The share of the features that each tree may use.</summary>
    public double FeatureFraction { get; init; } = 1;

    /// <summary>The share of the rows that each tree is grown on, drawn anew for each.</summary>
    public double BaggingFraction { get; init; } = 1;

    /// <summary>Least gain of a split.</summary>
    public double MinGainToSplit { get; init; }

    /// <summary>How strongly a leaf with few rows is drawn to its parent's value.</summary>
    public double PathSmooth { get; init; }

    /// <summary>Whether a split takes one threshold drawn by lot instead of the best.</summary>
    public bool ExtraTrees { get; init; }

    /// <summary>Most splits from root to leaf; 0 is no limit.</summary>
    public int MaxDepth { get; init; }

    /// <summary>
    /// For each feature in order whether the score may only rise with it (1), only fall (-1), or either (0); empty is either for all.
    /// </summary>
    public ImmutableArray<int> Monotone { get; init; } = [];

    /// <summary>Seeds every random choice.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Threads; 0 is LightGBM's choice. The result does not depend on it.</summary>
    public int NumThreads { get; init; }

    /// <summary>
    /// The options as LightGBM reads them. Deterministic: the same rows give the same model, bit for bit, on the same machine type.
    /// </summary>
    internal string ToParameters() => string.Join(
        ' ',
        "objective=binary boosting=gbdt deterministic=true force_row_wise=true verbosity=-1 bin_construct_sample_cnt=2000000",
        string.Create(CultureInfo.InvariantCulture, $"num_leaves={NumLeaves} learning_rate={LearningRate:R} lambda_l2={LambdaL2:R}"),
        string.Create(CultureInfo.InvariantCulture, $"max_bin={MaxBin} min_data_in_bin={MinDataInBin} min_data_in_leaf={MinDataInLeaf}"),
        string.Create(CultureInfo.InvariantCulture, $"feature_fraction={FeatureFraction:R} bagging_fraction={BaggingFraction:R}"),
        "bagging_freq=1",
        string.Create(CultureInfo.InvariantCulture, $"min_gain_to_split={MinGainToSplit:R} path_smooth={PathSmooth:R}"),
        $"extra_trees={(ExtraTrees ? "true" : "false")}",
        string.Create(CultureInfo.InvariantCulture, $"max_depth={(MaxDepth == 0 ? -1 : MaxDepth)}"),
        Monotone.All(way => way == 0) ? "" : $"monotone_constraints={string.Join(',', Monotone)} monotone_constraints_method=intermediate",
        string.Create(CultureInfo.InvariantCulture, $"seed={Seed} num_threads={NumThreads}"));

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(NumLeaves, 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(LearningRate);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Rounds);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBin, 2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(MinDataInBin);
        ArgumentOutOfRangeException.ThrowIfNegative(MinDataInLeaf);
        ArgumentOutOfRangeException.ThrowIfNegative(LambdaL2);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(FeatureFraction);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(FeatureFraction, 1);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(BaggingFraction);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BaggingFraction, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(MinGainToSplit);
        ArgumentOutOfRangeException.ThrowIfNegative(PathSmooth);
        ArgumentOutOfRangeException.ThrowIfNegative(MaxDepth);
        ArgumentOutOfRangeException.ThrowIfNegative(NumThreads);
    }
}
