using System.Collections.Immutable;
using Streaming.Offline.Training.LightGbm;

namespace Streaming.Offline.Training;

/// <summary>
/// What LightGBM trained: one booster, or several of which the mean is meant; and the straight line that was laid over their margin
/// since.
/// </summary>
/// <param name="ModelTexts">Each booster as LightGBM writes it.</param>
/// <param name="Slope">What the mean of the margins is multiplied with.</param>
/// <param name="Intercept">What is added then.</param>
internal sealed record TreesOrigin(ImmutableArray<string> ModelTexts, double Slope, double Intercept)
{
    /// <summary>LightGBM's own answers for some rows, with the mean and the line over them.</summary>
    public double[] Predict(ReadOnlySpan<float> rows, int columns)
    {
        var isOne = ModelTexts.Length == 1 && Slope == 1 && Intercept == 0;
        var sums = new double[rows.Length / columns];
        foreach (var text in ModelTexts)
        {
            using var booster = LightGbmBooster.Load(text, columns);
            var scores = booster.Predict(rows, raw: !isOne);
            if (isOne)
            {
                return scores;
            }

            for (var row = 0; row < sums.Length; row++)
            {
                sums[row] += scores[row];
            }
        }

        return Array.ConvertAll(sums, sum => 1 / (1 + Math.Exp(-((Slope * sum / ModelTexts.Length) + Intercept))));
    }
}
