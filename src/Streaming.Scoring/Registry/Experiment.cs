using System.Collections.Immutable;

namespace Streaming.Scoring.Registry;

/// <summary>What runs are grouped by.</summary>
public sealed record Experiment
{
    /// <summary>Its number, as a text.</summary>
    public required string Id { get; init; }

    /// <summary>Its name, unique among those that are not deleted.</summary>
    public required string Name { get; init; }

    /// <summary>When it was made, in milliseconds since 1970.</summary>
    public long CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public long UpdatedAt { get; init; }

    /// <summary>Whether it was deleted; it can be restored.</summary>
    public bool IsDeleted { get; init; }

    /// <summary>Free texts.</summary>
    public ImmutableSortedDictionary<string, string> Tags { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
