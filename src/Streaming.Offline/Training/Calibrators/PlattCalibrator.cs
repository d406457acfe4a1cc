using Streaming.Offline.Training.Learners;

namespace Streaming.Offline.Training.Calibrators;

/// <summary>A logistic function of the score's log odds (Platt, 1999, without his correction of the targets).</summary>
internal sealed class PlattCalibrator : ICalibrator
{
    // Keeps the fit finite where scores part the classes without a fault.
    private const double L2 = 1e-6;
    private readonly LogisticRegression _fitted;

    /// <param name="labels">1 or 0 a row.</param>
    /// <param name="scores">A score a row, from 0 to 1.</param>
    public PlattCalibrator(ReadOnlySpan<float> labels, ReadOnlySpan<double> scores)
    {
        var odds = new double[scores.Length];
        for (var row = 0; row < odds.Length; row++)
        {
            odds[row] = Logistic.Odds(scores[row]);
        }

        _fitted = LogisticRegression.Fit(odds, labels, columns: 1, L2, CancellationToken.None);
    }

    /// <inheritdoc/>
    public (double Slope, double Intercept)? Line => (_fitted.Weights[0], _fitted.Weights[1]);

    /// <inheritdoc/>
    public double Apply(double score) => Logistic.Of(_fitted.Odds([Logistic.Odds(score)]));
}
