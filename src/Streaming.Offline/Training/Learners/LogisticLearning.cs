namespace Streaming.Offline.Training.Learners;

/// <summary>Logistic regression on standardised features; it has one round.</summary>
internal sealed class LogisticLearning(TrainingSet train, TrainingSet asked, double l2) : ILearning
{
    private readonly Standardiser _standardiser = new(train);
    private LogisticRegression? _fitted;

    /// <inheritdoc/>
    public int Rounds => _fitted is null ? 0 : 1;

    /// <inheritdoc/>
    public bool Grow(int rounds, CancellationToken cancellation)
    {
        _fitted ??= LogisticRegression.Fit(_standardiser.Apply(train), train.Labels, train.Columns, l2, cancellation);
        return false;
    }

    /// <inheritdoc/>
    public double[] Scores()
    {
        var rows = _standardiser.Apply(asked);
        var scores = new double[asked.Rows];
        for (var row = 0; row < scores.Length; row++)
        {
            scores[row] = Logistic.Of(_fitted!.Odds(rows.AsSpan(row * asked.Columns, asked.Columns)));
        }

        return scores;
    }

    /// <inheritdoc/>
    public double[] Importance() => [.. _fitted!.Weights[..^1].ToArray().Select(Math.Abs)];

    /// <inheritdoc/>
    public GradientBoostedTrees? Trees() => null;

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing that is not the collector's.
    }
}
