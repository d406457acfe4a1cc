using System.Collections.Immutable;

namespace Streaming.Offline.Training.Protocols;

/// <summary>How reports name what definitions choose from.</summary>
public static class ProtocolTexts
{
    /// <summary>The metrics that a protocol's rows have.</summary>
    public static ImmutableArray<ChosenMetric> Metrics(TrainingProtocol protocol)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        return protocol.Card is null
            ? [ChosenMetric.AucRoc, ChosenMetric.AveragePrecision]
            : [ChosenMetric.AucRoc, ChosenMetric.AveragePrecision, ChosenMetric.CardPrecision];
    }

    /// <summary>What rows with the label 1 are called.</summary>
    public static string Positives(TrainingProtocol protocol)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        return protocol.Card is null ? "positives" : "frauds";
    }

    /// <summary>A metric's name.</summary>
    public static string Of(ChosenMetric metric) => metric switch
    {
        ChosenMetric.AucRoc => "AUC ROC",
        ChosenMetric.AveragePrecision => "average precision",
        ChosenMetric.CardPrecision => "card precision@100",
        _ => "the mean of all",
    };

    /// <summary>What a rule takes.</summary>
    public static string Of(ChoiceRule rule) => rule == ChoiceRule.Best
        ? "the best"
        : "the simplest within one standard error of the best";

    /// <summary>A method's name.</summary>
    public static string Of(LearnerKind learner) => learner == LearnerKind.LightGbm ? "LightGBM" : "logistic regression";

    /// <summary>A calibration's name.</summary>
    public static string Of(CalibrationMethod method) => method switch
    {
        CalibrationMethod.Platt => "Platt's",
        CalibrationMethod.Isotonic => "isotonic",
        _ => "none",
    };
}
