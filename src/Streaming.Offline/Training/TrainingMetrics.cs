namespace Streaming.Offline.Training;

/// <summary>How a model did on rows that it did not learn from.</summary>
/// <param name="Rows">Test rows.</param>
/// <param name="Frauds">Of them, frauds.</param>
/// <param name="AucRoc">See <see cref="RankingMetrics.AucRoc"/>.</param>
/// <param name="AveragePrecision">See <see cref="RankingMetrics.AveragePrecision"/>.</param>
/// <param name="CardPrecisionAt100">See <see cref="CardPrecision"/>; null where rows have no cards.</param>
public sealed record TrainingMetrics(int Rows, int Frauds, double AucRoc, double AveragePrecision, double? CardPrecisionAt100)
{
    /// <summary>Measures scores, a row of the set each.</summary>
    public static TrainingMetrics Of(TrainingSet test, ReadOnlySpan<double> scores)
    {
        ArgumentNullException.ThrowIfNull(test);
        return new(
            test.Rows,
            test.Labels.Count(label => label > 0.5f),
            RankingMetrics.AucRoc(test.Labels, scores),
            RankingMetrics.AveragePrecision(test.Labels, scores),
            test.Cards.Length == 0 ? null : CardPrecision.AtK(test.Cards, test.TimesMillis, test.Labels, scores));
    }
}
