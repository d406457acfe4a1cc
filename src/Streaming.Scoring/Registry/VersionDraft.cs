using System.Collections.Immutable;

namespace Streaming.Scoring.Registry;

/// <summary>A version to be registered.</summary>
public sealed record VersionDraft
{
    /// <summary>The model.</summary>
    public required string Name { get; init; }

    /// <summary>The ONNX file.</summary>
    public required string File { get; init; }

    /// <summary>Who registers it.</summary>
    public required string By { get; init; }

    /// <summary>The run that made it; empty for none.</summary>
    public string RunId { get; init; } = "";

    /// <summary>The name of the experiment that it belongs to.</summary>
    public required string Experiment { get; init; }

    /// <summary>A text for people.</summary>
    public string Description { get; init; } = "";

    /// <summary>What is known of it, by <see cref="VersionTags"/>.</summary>
    public ImmutableSortedDictionary<string, string> Tags { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What it was trained with.</summary>
    public ImmutableSortedDictionary<string, string> Params { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>How good it was in its tests.</summary>
    public ImmutableSortedDictionary<string, double> Metrics { get; init; } = ImmutableSortedDictionary<string, double>.Empty;
}
