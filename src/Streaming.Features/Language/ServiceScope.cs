using Streaming.Features.Events;
using Streaming.Features.Language.Expressions;
using Streaming.Hocon;

namespace Streaming.Features.Language;

/// <summary>
/// What names mean in one feature service: <c>request.field</c>, <c>view.feature_window</c>, and derived features by their bare
/// name. Gives every view feature that is read a slot.
/// </summary>
internal sealed class ServiceScope(
    string service,
    DeclaredViews declaredViews,
    IReadOnlyList<string> derivedNames,
    EventSource? request,
    bool requestIsFaulty,
    IReadOnlyList<string> requestCandidates) : ExpressionScope
{
    private readonly Dictionary<string, Expression?> _derived = [];
    private readonly Dictionary<string, int> _slots = [];
    private readonly List<string> _reads = [];
    private bool _unclearReported;

    /// <summary>Full names of the view features that were given a slot, by slot.</summary>
    public IReadOnlyList<string> Reads => _reads;

    /// <summary>The fields of a request; null when they are faulty or unknown.</summary>
    public EventSource? Request { get; } = request;

    /// <summary>Whether any name so far was a field of the request.</summary>
    public bool UsesRequest { get; private set; }

    /// <summary>The derived features that were named by others or by the vector.</summary>
    public HashSet<string> UsedDerived { get; } = [];

    /// <summary>The derived feature that is being read, for messages.</summary>
    public string? Reading { get; set; }

    /// <summary>Declares a derived feature for those that follow; null if it is faulty.</summary>
    public void Declare(string name, Expression? expression) => _derived[name] = expression;

    public override Expression? Resolve(string name, int start, ExpressionSource source)
    {
        var position = source.PositionOf(start);
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            return ResolveDerived(name, position, source);
        }

        if (name[..dot] == Names.Request)
        {
            return ResolveRequest(name, position, source);
        }

        if (FindFeature(name, name[..dot], position, source) is not { } feature)
        {
            return null;
        }

        if (feature.Type == FieldType.Text)
        {
            source.Report(LanguageDiagnostics.TextFeatureInExpression(position, name));
            return null;
        }

        return new FeatureSlot(SlotOf(feature), feature.FullName, feature.Type);
    }

    /// <summary>The feature of a full name; null when there is none, which is reported.</summary>
    public DeclaredFeature? FindFeature(string name, string viewName, SourcePosition position, ExpressionSource source)
    {
        if (FindView(viewName, name, position, source) is not { } view)
        {
            return null;
        }

        var feature = view.Features.Find(feature => feature.FullName == name);
        if (feature is null && !view.MayHave(name[(viewName.Length + 1)..]))
        {
            var windows = view.Features.Where(known => $"{viewName}.{known.BaseName}" == name).Select(known => known.FullName).ToList();
            source.Report(windows.Count > 0
                ? LanguageDiagnostics.WindowMissing(position, name, windows)
                : LanguageDiagnostics.UnknownFeature(
                    position, name, $"a feature of {viewName}", view.Features.Select(known => known.FullName)));
        }

        return feature;
    }

    /// <summary>A view by name; null when there is none, which is reported.</summary>
    public DeclaredView? FindView(string viewName, string found, SourcePosition position, ExpressionSource source)
    {
        var view = declaredViews.Find(viewName);
        if (view is null)
        {
            var nearestView = NearestName.Find(viewName, declaredViews.ViewNames.Append(Names.Request));
            source.Report(nearestView is null
                ? LanguageDiagnostics.UnknownFeature(position, found, "request.FIELD or a feature of a view", declaredViews.ViewNames)
                : LanguageDiagnostics.UnknownFeature(position, viewName, "\"request\" or a feature view", [nearestView]));
        }

        return view;
    }

    public int SlotOf(DeclaredFeature feature)
    {
        if (!_slots.TryGetValue(feature.FullName, out var slot))
        {
            slot = _reads.Count;
            _slots.Add(feature.FullName, slot);
            _reads.Add(feature.FullName);
        }

        return slot;
    }

    private Expression? ResolveDerived(string name, SourcePosition position, ExpressionSource source)
    {
        UsedDerived.Add(name);
        if (_derived.TryGetValue(name, out var expression))
        {
            return expression;
        }

        source.Report(derivedNames.Contains(name)
            ? LanguageDiagnostics.DerivedTooEarly(position, name, Reading ?? name)
            : LanguageDiagnostics.UnknownFeature(
                position, name, "view.FEATURE, request.FIELD or a derived feature", derivedNames.Concat(declaredViews.FeatureNames)));
        return null;
    }

    private Expression? ResolveRequest(string name, SourcePosition position, ExpressionSource source)
    {
        UsesRequest = true;
        if (Request is null)
        {
            if (!requestIsFaulty && !_unclearReported)
            {
                source.Report(LanguageDiagnostics.RequestUnclear(position, service, requestCandidates));
                _unclearReported = true;
            }

            return null;
        }

        var field = name[(Names.Request.Length + 1)..];
        var index = Request.IndexOf(field);
        if (index >= 0)
        {
            return FieldOf(Request, index, name);
        }

        source.Report(
            LanguageDiagnostics.UnknownField(position with { Column = position.Column + Names.Request.Length + 1 }, field, Request));
        return null;
    }
}
