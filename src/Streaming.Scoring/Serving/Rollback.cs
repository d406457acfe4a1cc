namespace Streaming.Scoring.Serving;

/// <summary>A version that went back to the one before.</summary>
/// <param name="Model">The model's name.</param>
/// <param name="From">The version that was swapped in.</param>
/// <param name="To">The version that answers again.</param>
/// <param name="Reason">Why.</param>
public sealed record Rollback(string Model, string From, string To, string Reason);
