using System.Collections.Immutable;

namespace Streaming.Scoring.Registry;

/// <summary>A run that has ended, to be written.</summary>
public sealed record RunDraft
{
    /// <summary>The name of its experiment, which is made if it is new.</summary>
    public required string Experiment { get; init; }

    /// <summary>Its name, for people.</summary>
    public required string Name { get; init; }

    /// <summary>Who ran it.</summary>
    public required string By { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>When it ended.</summary>
    public required DateTimeOffset Ended { get; init; }

    /// <summary>What it was run with.</summary>
    public ImmutableSortedDictionary<string, string> Params { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Its results.</summary>
    public ImmutableArray<MetricPoint> Metrics { get; init; } = [];

    /// <summary>Free texts.</summary>
    public ImmutableSortedDictionary<string, string> Tags { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Its files: where each goes below the run, with '/' between names, and where it is now.</summary>
    public ImmutableArray<(string Path, string File)> Artifacts { get; init; } = [];
}
