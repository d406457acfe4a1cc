namespace Streaming.Offline.Promotion;

/// <summary>What a challenger must show.</summary>
/// <param name="Margin">How much lower its average precision may be: what is not worse is within it.</param>
/// <param name="Confidence">How sure that must be, 0.5 to 1.</param>
/// <param name="Draws">Bootstrap samples.</param>
/// <param name="Seed">The same seed and rows give the same answer.</param>
/// <param name="RowsMin">Labelled requests without which nothing is said.</param>
/// <param name="FraudsMin">Frauds among them without which nothing is said.</param>
public sealed record PromotionOptions(
    double Margin = 0.01, double Confidence = 0.95, int Draws = 1000, int Seed = 1, int RowsMin = 500, int FraudsMin = 30);
