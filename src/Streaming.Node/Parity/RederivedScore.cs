using System.Collections.Immutable;
using Streaming.Contracts.Events;

namespace Streaming.Node.Parity;

/// <summary>A logged answer beside what the log, the definitions and the model of today give for it.</summary>
/// <param name="Logged">The answer.</param>
/// <param name="Vector">The features today, in the service's order; null where they could not be computed.</param>
/// <param name="Score">The score of them today; null where no model of that version is here, or the fallback answers.</param>
/// <param name="Decision">The decision today; null where there is no score.</param>
/// <param name="Differences">What differs; nothing where the answer is the same bit for bit.</param>
/// <param name="Note">What could not be compared, and why; null where all was.</param>
public sealed record RederivedScore(
    Score Logged,
    ImmutableArray<float>? Vector,
    double? Score,
    string? Decision,
    ImmutableArray<ScoreDifference> Differences,
    string? Note)
{
    /// <summary>Whether all was compared, and is the same bit for bit.</summary>
    public bool IsSame => Differences.IsEmpty && Note is null;
}

/// <summary>Something that a logged answer has and that is otherwise today.</summary>
/// <param name="What">A feature, or score or decision.</param>
/// <param name="Logged">As answered.</param>
/// <param name="Today">As computed again.</param>
public sealed record ScoreDifference(string What, string Logged, string Today);
