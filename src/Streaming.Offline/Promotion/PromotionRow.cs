namespace Streaming.Offline.Promotion;

/// <summary>A request that champion and challenger scored, and what became of it.</summary>
/// <param name="IsFraud">What its label says.</param>
/// <param name="Champion">The champion's score.</param>
/// <param name="Challenger">The challenger's score of the same vector.</param>
public readonly record struct PromotionRow(bool IsFraud, double Champion, double Challenger);
