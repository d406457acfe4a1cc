namespace Streaming.Offline.Training.Calibrators;

/// <summary>Makes a score the probability that it stands for; never changes the order of two scores.</summary>
internal interface ICalibrator
{
    /// <summary>The probability.</summary>
    double Apply(double score);

    /// <summary>The straight line over the logarithm of the score's odds that it is; null where it is none.</summary>
    (double Slope, double Intercept)? Line { get; }
}
