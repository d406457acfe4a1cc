// Hot: a score that is explained calls it once.
namespace Streaming.Scoring.Contributions;

/// <summary>
/// A linear model's own terms: each coefficient times its value, scaled where the file scales it. A scaler that subtracts the average of
/// training makes the base the margin of an average row, and the terms its Shapley values if features are independent.
/// </summary>
internal sealed class LinearContributions : ScoreContributions
{
    private readonly LinearTerm[] _terms;

    public LinearContributions(LinearTerm[] terms, double intercept, ContributionUnit unit)
        : base(ContributionMethod.Linear, unit)
    {
        _terms = terms;
        Base = intercept;
    }

    /// <inheritdoc/>
    public override void Explain(ReadOnlySpan<float> features, Span<double> contributions)
    {
        contributions[..features.Length].Clear();
        foreach (ref readonly var term in _terms.AsSpan())
        {
            contributions[term.Feature] += term.Weight * (features[term.Feature] - term.Offset);
        }
    }
}

/// <summary>One term: weight * (feature - offset).</summary>
internal readonly record struct LinearTerm(int Feature, double Weight, double Offset);
