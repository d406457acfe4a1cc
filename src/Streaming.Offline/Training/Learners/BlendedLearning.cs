namespace Streaming.Offline.Training.Learners;

/// <summary>
/// Two models as one: the weighted mean of their odds' logarithms. Trees find what a line cannot, and a line carries on where trees have
/// too few rows for a leaf.
/// </summary>
/// <param name="first">The one whose rounds count.</param>
/// <param name="second">The other.</param>
/// <param name="share">The weight of the other, from 0 to 1.</param>
internal sealed class BlendedLearning(ILearning first, ILearning second, double share) : ILearning
{
    /// <inheritdoc/>
    public int Rounds => first.Rounds;

    /// <inheritdoc/>
    public bool Grow(int rounds, CancellationToken cancellation)
    {
        second.Grow(rounds, cancellation);
        return first.Grow(rounds, cancellation);
    }

    /// <inheritdoc/>
    public double[] Scores() =>
        [.. first.Scores().Zip(second.Scores(), (a, b) => Logistic.Of(((1 - share) * Logistic.Odds(a)) + (share * Logistic.Odds(b))))];

    /// <summary>The weighted mean of both models' shares.</summary>
    public double[] Importance() =>
        [.. Shares(first.Importance()).Zip(Shares(second.Importance()), (a, b) => ((1 - share) * a) + (share * b))];

    /// <inheritdoc/>
    public GradientBoostedTrees? Trees() => null;

    /// <inheritdoc/>
    public void Dispose()
    {
        first.Dispose();
        second.Dispose();
    }

    private static double[] Shares(double[] importance) =>
        Array.ConvertAll(importance, each => each / Math.Max(importance.Sum(), double.Epsilon));
}
