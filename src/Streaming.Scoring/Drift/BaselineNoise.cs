namespace Streaming.Scoring.Drift;

/// <summary>
/// How far consecutive chunks of the training rows differ from all of them: what a window may differ without drift. NannyML calibrates
/// its thresholds in this way (mean and three standard deviations of the reference's chunks).
/// </summary>
/// <param name="Rows">Rows of a chunk that have a value, on average.</param>
/// <param name="PsiMean">The chunks' mean population stability index.</param>
/// <param name="PsiDeviation">Its standard deviation over the chunks (population).</param>
public sealed record BaselineNoise(double Rows, double PsiMean, double PsiDeviation);
