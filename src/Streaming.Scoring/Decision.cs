namespace Streaming.Scoring;

/// <summary>What to do with what was scored.</summary>
public enum Decision : byte
{
    /// <summary>The score is below the review threshold.</summary>
    Approve,

    /// <summary>The score is at or above the review threshold: a person looks at it.</summary>
    Review,

    /// <summary>The score is at or above the decline threshold.</summary>
    Decline,
}
