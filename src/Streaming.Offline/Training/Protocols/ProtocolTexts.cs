namespace Streaming.Offline.Training.Protocols;

/// <summary>How reports name what definitions choose from.</summary>
public static class ProtocolTexts
{
    /// <summary>A metric's name.</summary>
    public static string Of(ChosenMetric metric) => metric switch
    {
        ChosenMetric.AucRoc => "AUC ROC",
        ChosenMetric.AveragePrecision => "average precision",
        ChosenMetric.CardPrecision => "card precision@100",
        _ => "the mean of all three",
    };

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
