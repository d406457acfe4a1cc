namespace Streaming.Scoring.Contributions;

/// <summary>
/// What each feature contributes to a model's margin, exactly: <see cref="Base"/> and the contributions add up to it. Thread-safe; a
/// call allocates nothing.
/// </summary>
public abstract class ScoreContributions
{
    private protected ScoreContributions(ContributionMethod method, ContributionUnit unit) => (Method, Unit) = (method, unit);

    /// <summary>How they are computed.</summary>
    public ContributionMethod Method { get; }

    /// <summary>What the margin is.</summary>
    public ContributionUnit Unit { get; }

    /// <summary>The margin where no feature is known: of trees the average over training.</summary>
    public double Base { get; private protected init; }

    /// <summary>Computes a row's contributions.</summary>
    /// <param name="features">The row as the model gets it.</param>
    /// <param name="contributions">Receives one for each feature of the row.</param>
    public abstract void Explain(ReadOnlySpan<float> features, Span<double> contributions);
}

/// <summary>How contributions are computed.</summary>
public enum ContributionMethod
{
    /// <summary>Shapley values of trees, the tree's own covers standing for unknown features.</summary>
    TreeShap,

    /// <summary>Coefficient times (scaled) value.</summary>
    Linear,
}

/// <summary>What contributions add up to.</summary>
public enum ContributionUnit
{
    /// <summary>The logarithm of the odds: the score is its logistic function.</summary>
    LogOdds,

    /// <summary>The score itself.</summary>
    Score,
}
