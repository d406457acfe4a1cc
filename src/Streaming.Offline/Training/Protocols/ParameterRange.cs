namespace Streaming.Offline.Training.Protocols;

/// <summary>A parameter of a method that a space may name, and which values it takes.</summary>
/// <param name="Name">The name, LightGBM's own where it has one.</param>
/// <param name="Least">The least value.</param>
/// <param name="Most">The largest.</param>
/// <param name="IsWhole">Whether only whole numbers are meant.</param>
internal sealed record ParameterRange(string Name, double Least, double Most, bool IsWhole)
{
    private static readonly ParameterRange[] s_boosting =
    [
        new("num_leaves", 2, 4096, true),
        new("learning_rate", 1e-4, 1, false),
        new("min_data_in_leaf", 1, 1e6, true),
        new("lambda_l2", 0, 1e6, false),
        new("max_bin", 2, 65_535, true),
        new("min_data_in_bin", 1, 1e6, true),
        new("feature_fraction", 0.01, 1, false),
        new("bagging_fraction", 0.01, 1, false),
        new("min_gain_to_split", 0, 1e6, false),
        new("path_smooth", 0, 1e6, false),
        new("extra_trees", 0, 1, true),
        new("max_depth", 0, 1000, true),
        new("boosters", 1, 100, true),
        new("monotone", 0, 1, true),
        new("logistic_share", 0, 1, false),
        new("l2", 1e-9, 1e9, false),
    ];

    private static readonly ParameterRange[] s_regression = [new("l2", 1e-9, 1e9, false)];

    /// <summary>The parameters of a method.</summary>
    public static ParameterRange[] Of(LearnerKind learner) => learner == LearnerKind.LightGbm ? s_boosting : s_regression;

    /// <summary>Whether it takes a value.</summary>
    public bool Takes(double value) => value >= Least && value <= Most && (!IsWhole || value == Math.Floor(value));
}
