using Streaming.Features.Events;

namespace Streaming.Features.Language;

/// <summary>
/// The views and features that were read, for services to name, the faulty ones too: a mistake is reported where it is, not
/// wherever it is used.
/// </summary>
internal sealed class DeclaredViews
{
    private readonly Dictionary<string, DeclaredView> _views = [];

    public IEnumerable<string> ViewNames => _views.Keys;

    public IEnumerable<string> FeatureNames => _views.Values.SelectMany(view => view.Features.Select(feature => feature.FullName));

    /// <summary>The view of this name, made if it is new.</summary>
    public DeclaredView Open(string view)
    {
        if (!_views.TryGetValue(view, out var known))
        {
            known = new DeclaredView(view);
            _views.Add(view, known);
        }

        return known;
    }

    public DeclaredView? Find(string view) => _views.GetValueOrDefault(view);
}

/// <summary>One view's features, in order.</summary>
internal sealed class DeclaredView(string name)
{
    private readonly HashSet<string> _faulty = [];

    public string Name { get; } = name;

    /// <summary>Its event source, or null if that is faulty.</summary>
    public string? Source { get; set; }

    /// <summary>The entity type that it describes; null while that is not known.</summary>
    public string? Entity { get; set; }

    /// <summary>The field that names the entity; null while that is not known.</summary>
    public string? Key { get; set; }

    /// <summary>Whether features may be missing for a mistake that concerns the view as a whole.</summary>
    public bool IsFaulty { get; set; }

    public List<DeclaredFeature> Features { get; } = [];

    public void AddFaulty(string feature) => _faulty.Add(feature);

    /// <summary>Whether the feature may be declared, but was left out because of a mistake that is already reported.</summary>
    public bool MayHave(string feature) =>
        IsFaulty || _faulty.Contains(feature) || _faulty.Any(faulty => feature.StartsWith(faulty + "_", StringComparison.Ordinal));

    public bool HasFaults => IsFaulty || _faulty.Count > 0;
}

/// <summary>One feature of a view and one window.</summary>
internal sealed record DeclaredFeature(string FullName, string BaseName, FieldType Type);
