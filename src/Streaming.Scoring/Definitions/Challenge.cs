using Streaming.Hocon;

namespace Streaming.Scoring.Definitions;

/// <summary>That a model stands beside another one, which it may take the place of.</summary>
/// <param name="Of">The model that it challenges.</param>
/// <param name="Position">Where that is named.</param>
/// <param name="Sample">The share of that model's answers that it scores, too, off the requests' path; 0 to 1.</param>
/// <param name="Canary">The share of entities that it answers in place of that model; 0 to 1.</param>
public sealed record Challenge(string Of, SourcePosition Position, double Sample, double Canary);
