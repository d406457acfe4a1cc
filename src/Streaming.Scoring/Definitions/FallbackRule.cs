using Streaming.Features.Language;
using Streaming.Hocon;

namespace Streaming.Scoring.Definitions;

/// <summary>What is answered in place of the model for requests of a kind.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Position">Where it is declared.</param>
/// <param name="Condition">Over the request alone: features may be what is missing.</param>
/// <param name="Score">From 0 to 1.</param>
/// <param name="Decision">The decision.</param>
public sealed record FallbackRule(string Name, SourcePosition Position, Expression Condition, double Score, Decision Decision);
