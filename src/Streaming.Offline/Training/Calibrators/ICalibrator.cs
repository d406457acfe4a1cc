namespace Streaming.Offline.Training.Calibrators;

/// <summary>Makes a score the probability that it stands for; never changes the order of two scores.</summary>
internal interface ICalibrator
{
    /// <summary>The probability.</summary>
    double Apply(double score);
}
