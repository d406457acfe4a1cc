namespace Streaming.Offline.Training;

/// <summary>What to train.</summary>
public sealed record FraudTrainingOptions
{
    /// <summary>The feature service whose features, in its order, the training set holds. Written into the model file.</summary>
    public required string FeatureService { get; init; }

    /// <summary>How trees are grown.</summary>
    public BoostingOptions Boosting { get; init; } = new();

    /// <summary>Which rows to learn from and which to test on; null learns from all rows and measures nothing.</summary>
    public DelayedSplit? Split { get; init; }
}
