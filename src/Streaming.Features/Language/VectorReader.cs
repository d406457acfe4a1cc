using System.Collections.Immutable;
using Streaming.Features.Events;
using Streaming.Features.Language.Expressions;
using Streaming.Hocon;

namespace Streaming.Features.Language;

/// <summary>Puts a feature service's vector together from the elements of its <c>features</c>.</summary>
internal sealed class VectorReader(ServiceScope scope, MemberReader members)
{
    private const string All = ".*";

    private readonly ImmutableArray<ServiceFeature>.Builder _vector = ImmutableArray.CreateBuilder<ServiceFeature>();
    private readonly HashSet<string> _names = [];

    /// <summary>Whether an element is missing, for a mistake that is reported here or where it is.</summary>
    public bool HasFaults { get; private set; }

    public ImmutableArray<ServiceFeature> ToImmutable() => _vector.ToImmutable();

    /// <summary>
    /// Gives the view features of an element their slots, so that these are in the vector's order; mistakes wait for Add.
    /// </summary>
    public void ReserveSlots(HoconScalar element)
    {
        var quiet = new ExpressionSource(element.Text, element.PositionOf, static _ => { });
        foreach (var feature in FeaturesOf(element.Text, element.Position, quiet).Where(feature => feature.Type != FieldType.Text))
        {
            scope.SlotOf(feature);
        }
    }

    /// <summary>Adds an element to the vector.</summary>
    public void Add(HoconScalar element)
    {
        var mistakes = _vector.Count;
        var source = new ExpressionSource(element.Text, element.PositionOf, members.Report);
        var position = element.PositionOf(0);
        var name = element.Text;
        if (IsOfView(name))
        {
            foreach (var feature in FeaturesOf(name, position, source))
            {
                Add(feature.FullName, feature.Type, position, derivation: null);
            }
        }
        else if (scope.Resolve(name, 0, source) is { } derivation)
        {
            Add(name, derivation.Type, position, derivation);
        }

        HasFaults |= _vector.Count == mistakes;
    }

    private static bool IsOfView(string name) =>
        name.Contains('.', StringComparison.Ordinal) && !name.StartsWith(Names.Request + ".", StringComparison.Ordinal);

    private List<DeclaredFeature> FeaturesOf(string name, SourcePosition position, ExpressionSource source)
    {
        if (!IsOfView(name))
        {
            return [];
        }

        if (name.EndsWith(All, StringComparison.Ordinal))
        {
            var view = scope.FindView(name[..^All.Length], name, position, source);
            HasFaults |= view?.HasFaults ?? true;
            return view?.Features ?? [];
        }

        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return scope.FindFeature(name, name[..dot], position, source) is { } feature ? [feature] : [];
    }

    private void Add(string name, FieldType type, SourcePosition position, Expression? derivation)
    {
        if (type == FieldType.Text)
        {
            members.Report(LanguageDiagnostics.TextInVector(position, name));
        }
        else if (!_names.Add(name))
        {
            members.Report(LanguageDiagnostics.DuplicateElement(position, name));
        }
        else
        {
            _vector.Add(new ServiceFeature(name, position, derivation));
        }
    }
}
