namespace Streaming.Offline.Training.Protocols;

/// <summary>The figures of the protocol: of a fold, or a mean or deviation of folds.</summary>
/// <param name="AucRoc">See <see cref="RankingMetrics.AucRoc"/>.</param>
/// <param name="AveragePrecision">See <see cref="RankingMetrics.AveragePrecision"/>.</param>
/// <param name="CardPrecision">See <see cref="Training.CardPrecision"/>, at 100; null where rows have no cards.</param>
public readonly record struct MetricSummary(double AucRoc, double AveragePrecision, double? CardPrecision)
{
    /// <summary>Those of a fold.</summary>
    public static MetricSummary Of(TrainingMetrics fold)
    {
        ArgumentNullException.ThrowIfNull(fold);
        return new(fold.AucRoc, fold.AveragePrecision, fold.CardPrecisionAt100);
    }

    /// <summary>The means of some folds.</summary>
    public static MetricSummary Mean(IReadOnlyCollection<MetricSummary> folds) => new(
        folds.Average(fold => fold.AucRoc), folds.Average(fold => fold.AveragePrecision), folds.Average(fold => fold.CardPrecision));

    /// <summary>The population deviations of some folds.</summary>
    public static MetricSummary Deviation(IReadOnlyCollection<MetricSummary> folds)
    {
        var mean = Mean(folds);
        double? Of(Func<MetricSummary, double?> value) =>
            folds.Average(fold => (value(fold) - value(mean)) * (value(fold) - value(mean))) is { } square ? Math.Sqrt(square) : null;
        return new(Of(fold => fold.AucRoc)!.Value, Of(fold => fold.AveragePrecision)!.Value, Of(fold => fold.CardPrecision));
    }

    /// <summary>The figure that is chosen by.</summary>
    public double By(ChosenMetric metric) => metric switch
    {
        ChosenMetric.AucRoc => AucRoc,
        ChosenMetric.AveragePrecision => AveragePrecision,
        ChosenMetric.CardPrecision => CardPrecision!.Value,
        _ => CardPrecision is { } precision ? (AucRoc + AveragePrecision + precision) / 3 : (AucRoc + AveragePrecision) / 2,
    };
}
