namespace Streaming.Offline.Training.Calibrators;

/// <summary>Leaves scores as they are.</summary>
internal sealed class NoCalibrator : ICalibrator
{
    /// <inheritdoc/>
    public (double Slope, double Intercept)? Line => (1, 0);

    /// <inheritdoc/>
    public double Apply(double score) => score;
}
