namespace Streaming.Node.Parity;

/// <summary>Something of an answer that is not what the log gives.</summary>
/// <param name="What">A feature, or a part of the score.</param>
/// <param name="Entity">Its entity, masked.</param>
/// <param name="Answered">What was answered.</param>
/// <param name="Recomputed">What the log gives.</param>
internal sealed record AnswerDifference(string What, string Entity, string Answered, string Recomputed);
