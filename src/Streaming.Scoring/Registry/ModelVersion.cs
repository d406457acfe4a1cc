using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Streaming.Scoring.Registry;

/// <summary>One version of a registered model. Its file never changes.</summary>
public sealed record ModelVersion
{
    /// <summary>Its number, from 1.</summary>
    public required int Version { get; init; }

    /// <summary>When it was registered, in milliseconds since 1970.</summary>
    public long CreatedAt { get; init; }

    /// <summary>When its description or tags last changed.</summary>
    public long UpdatedAt { get; init; }

    /// <summary>Who registered it.</summary>
    public string User { get; init; } = "";

    /// <summary>A text for people.</summary>
    public string Description { get; init; } = "";

    /// <summary>Where its files came from: a URI, such as <c>runs:/ID/model</c>.</summary>
    public string Source { get; init; } = "";

    /// <summary>The run that made it; empty for none.</summary>
    public string RunId { get; init; } = "";

    /// <summary>MLflow's logged model; empty for none.</summary>
    public string ModelId { get; init; } = "";

    /// <summary>What is known of it; the names are those of <see cref="VersionTags"/> and free ones.</summary>
    public ImmutableSortedDictionary<string, string> Tags { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>What it was trained with.</summary>
    public ImmutableSortedDictionary<string, string> Params { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>How good it was in its tests.</summary>
    public ImmutableSortedDictionary<string, double> Metrics { get; init; } = ImmutableSortedDictionary<string, double>.Empty;

    /// <summary>The feature service that it reads; empty if that is not known.</summary>
    [JsonIgnore]
    public string FeatureService => Tags.GetValueOrDefault(VersionTags.FeatureService, "");

    /// <summary>Whether it was put away: it cannot be promoted.</summary>
    [JsonIgnore]
    public bool IsArchived => Tags.ContainsKey(VersionTags.Archived);
}
