namespace Streaming.Offline.Promotion;

/// <summary>How a challenger did beside its champion on labelled requests.</summary>
/// <param name="Rows">Labelled requests that both scored.</param>
/// <param name="Frauds">Frauds among them.</param>
/// <param name="Champion">The champion's average precision.</param>
/// <param name="Challenger">The challenger's.</param>
/// <param name="LowerBound">
/// The challenger's minus the champion's is above this, as sure as was asked for; NaN where there are too few rows.
/// </param>
/// <param name="Fault">Why it does not pass; null if it does.</param>
public sealed record PromotionResult(int Rows, int Frauds, double Champion, double Challenger, double LowerBound, string? Fault);
