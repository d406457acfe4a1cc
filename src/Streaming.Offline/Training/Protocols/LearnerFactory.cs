using System.Collections.Immutable;
using Streaming.Offline.Training.Learners;

namespace Streaming.Offline.Training.Protocols;

/// <summary>Makes a candidate's method with the parameters that are tried; one that the space does not name has its standard.</summary>
internal static class LearnerFactory
{
    /// <summary>Begins to learn a fold.</summary>
    public static ILearning Begin(TrainingCandidate candidate, ImmutableArray<KeyValuePair<string, double>> parameters, Fold fold)
    {
        double Value(string name, double standard) =>
            parameters.Where(pair => pair.Key == name).Select(pair => pair.Value).DefaultIfEmpty(standard).First();
        if (candidate.Learner == LearnerKind.LogisticRegression)
        {
            return new LogisticLearning(fold.Train, fold.Asked, Value("l2", 1));
        }

        var standard = new BoostingOptions();
        var options = new BoostingOptions
        {
            NumLeaves = (int)Value("num_leaves", standard.NumLeaves),
            LearningRate = Value("learning_rate", standard.LearningRate),
            MinDataInLeaf = (int)Value("min_data_in_leaf", standard.MinDataInLeaf),
            LambdaL2 = Value("lambda_l2", standard.LambdaL2),
            MaxBin = (int)Value("max_bin", standard.MaxBin),
            MinDataInBin = (int)Value("min_data_in_bin", standard.MinDataInBin),
            FeatureFraction = Value("feature_fraction", standard.FeatureFraction),
            BaggingFraction = Value("bagging_fraction", standard.BaggingFraction),
            MinGainToSplit = Value("min_gain_to_split", standard.MinGainToSplit),
            PathSmooth = Value("path_smooth", standard.PathSmooth),
            ExtraTrees = Value("extra_trees", 0) > 0,
            MaxDepth = (int)Value("max_depth", standard.MaxDepth),
            Monotone = Value("monotone", 0) > 0 ? Monotone(candidate, fold.Train.FeatureNames) : [],
            // A fold has a thread of its own.
            NumThreads = 1,
        };
        ILearning trees = new BoostedLearning(fold.Train, fold.Asked, options, (int)Value("boosters", 1));
        var share = Value("logistic_share", 0);
        return share == 0 ? trees : new BlendedLearning(trees, new LogisticLearning(fold.Train, fold.Asked, Value("l2", 1)), share);
    }

    private static ImmutableArray<int> Monotone(TrainingCandidate candidate, ImmutableArray<string> features)
    {
        var ascending = FeatureGroup.Matching(features, candidate.Ascending.Select(feature => feature.Value));
        return [.. features.Select(feature => ascending.Contains(feature) ? 1 : 0)];
    }
}
