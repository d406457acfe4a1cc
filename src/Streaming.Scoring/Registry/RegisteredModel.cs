using System.Collections.Immutable;

namespace Streaming.Scoring.Registry;

/// <summary>A model by name, with its versions and what names them.</summary>
public sealed record RegisteredModel
{
    /// <summary>The alias of the version that answers.</summary>
    public const string Champion = "champion";

    /// <summary>The alias of the version that is tried beside it.</summary>
    public const string Challenger = "challenger";

    /// <summary>Its name, unique.</summary>
    public required string Name { get; init; }

    /// <summary>When it was made, in milliseconds since 1970.</summary>
    public long CreatedAt { get; init; }

    /// <summary>When it last changed.</summary>
    public long UpdatedAt { get; init; }

    /// <summary>A text for people.</summary>
    public string Description { get; init; } = "";

    /// <summary>The highest number that a version has had; none is given twice.</summary>
    public int LastVersion { get; init; }

    /// <summary>Free texts.</summary>
    public ImmutableSortedDictionary<string, string> Tags { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Which version each alias names.</summary>
    public ImmutableSortedDictionary<string, int> Aliases { get; init; } = ImmutableSortedDictionary<string, int>.Empty;

    /// <summary>The moves of the aliases, the oldest first.</summary>
    public ImmutableArray<AliasMove> History { get; init; } = [];

    /// <summary>The versions, the oldest first.</summary>
    public ImmutableArray<ModelVersion> Versions { get; init; } = [];

    /// <summary>A version by number; null for none.</summary>
    public ModelVersion? Find(int version) => Versions.FirstOrDefault(each => each.Version == version);

    /// <summary>A version by number.</summary>
    /// <exception cref="RegistryException">There is none.</exception>
    public ModelVersion Require(int version) => Find(version) ?? throw new RegistryException(
        RegistryFault.NotFound,
        $"the model '{Name}' has no version {version}; " +
        (Versions.IsEmpty ? "it has none" : $"there are {string.Join(", ", Versions.Select(each => each.Version))}"));

    /// <summary>The aliases of a version.</summary>
    public IEnumerable<string> AliasesOf(int version) => Aliases.Where(each => each.Value == version).Select(each => each.Key);
}
