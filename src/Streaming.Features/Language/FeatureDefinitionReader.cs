using System.Collections.Immutable;
using Streaming.Features.Events;
using Streaming.Features.Language.Expressions;
using Streaming.Hocon;

namespace Streaming.Features.Language;

/// <summary>Reads and checks one entry of a view's <c>features</c>, and adds it to what its view declares.</summary>
internal sealed class FeatureDefinitionReader(
    IReadOnlyList<AggregationSignature> aggregations,
    DeclaredView view,
    FeatureDefaults defaults,
    List<Diagnostic> diagnostics)
{
    private static readonly string[] s_commonKeys = ["over", "where", "default", "ttl"];

    /// <summary>The definition; null when there is a mistake, which is reported.</summary>
    public AggregationDefinition? Read(HoconMember feature)
    {
        var mistakes = diagnostics.Count;
        var definition = feature.Value is HoconObject body
            ? Read(feature, new MemberReader(body, $"the feature \"{feature.Key}\"", feature.KeyPosition, diagnostics))
            : null;
        if (feature.Value is not HoconObject)
        {
            MemberReader.ReportNoObject(feature.Value, feature.Key, "an object such as { count = \"*\", over = [7d] }", diagnostics);
        }

        if (!Names.IsValid(feature.Key))
        {
            diagnostics.Add(LanguageDiagnostics.InvalidName(feature.KeyPosition, "feature", feature.Key));
        }

        if (definition is not null && diagnostics.Count == mistakes && AddToDeclared(definition))
        {
            return definition;
        }

        view.AddFaulty(feature.Key);
        return null;
    }

    private AggregationDefinition? Read(HoconMember feature, MemberReader members)
    {
        if (FindAggregation(feature, members) is not { } aggregation || !members.IsWhole)
        {
            return null;
        }

        var named = members.Members.First(member => member.Key == aggregation.Name);
        members.RejectUnknown([aggregation.Name, .. aggregation.Parameters.Select(parameter => parameter.Name), .. s_commonKeys]);
        var inputs = ReadInputs(aggregation, named, members);
        var where = CombineWhere(ViewDefinitionReader.ReadWhere(members, defaults.Source));
        var windows = ReadWindows(aggregation, named, members);
        var isText = aggregation.KeepsInputType && inputs is [{ Type: FieldType.Text }, ..];
        if (isText && members.Has("default"))
        {
            members.Report(
                LanguageDiagnostics.DefaultOfText(members.Members.First(member => member.Key == "default").KeyPosition, feature.Key));
        }

        return new AggregationDefinition(
            feature.Key,
            feature.KeyPosition,
            new Located<string>(aggregation.Name, named.KeyPosition),
            inputs,
            where,
            windows,
            isText ? null : members.Number("default", orFlag: aggregation.KeepsInputType && inputs is [] or [{ Type: FieldType.Flag }, ..]),
            members.Duration("ttl", 1, "more than 0s") ?? defaults.TtlMillis,
            ReadParameters(aggregation, named, members));
    }

    private AggregationSignature? FindAggregation(HoconMember feature, MemberReader members)
    {
        var known = aggregations.Select(aggregation => aggregation.Name).ToList();
        var named = members.Members.Where(member => known.Contains(member.Key)).ToList();
        foreach (var second in named.Skip(1))
        {
            members.Report(LanguageDiagnostics.SeveralAggregations(second.KeyPosition, second.Key, named[0].Key));
        }

        if (named.Count > 0)
        {
            return named.Count > 1 ? null : aggregations.First(aggregation => aggregation.Name == named[0].Key);
        }

        var others = members.Members.Where(member => !s_commonKeys.Contains(member.Key)).ToList();
        var misspelt = others.Find(member => NearestName.Find(member.Key, known) is not null) ?? others.FirstOrDefault();
        members.Report(misspelt is null
            ? LanguageDiagnostics.NoAggregation(feature.KeyPosition, feature.Key, known)
            : LanguageDiagnostics.UnknownAggregation(misspelt.KeyPosition, misspelt.Key, known));
        return null;
    }

    private ImmutableArray<Expression> ReadInputs(AggregationSignature aggregation, HoconMember named, MemberReader members)
    {
        if (members.Scalars(aggregation.Name, "the field or expression to aggregate") is not { } texts)
        {
            return [];
        }

        if (texts is [{ Text: "*" } star])
        {
            if (!aggregation.AcceptsAll)
            {
                members.Report(LanguageDiagnostics.StarNotAccepted(star.Position, aggregation.Name));
            }

            return [];
        }

        if (texts.Count != aggregation.Inputs)
        {
            members.Report(LanguageDiagnostics.InputCount(named.Value.Position, aggregation.Name, texts.Count, aggregation.Inputs));
        }

        return defaults.Source is null
            ? []
            : [.. texts.Select(text => ReadInput(aggregation, text, members, defaults.Source)).OfType<Expression>()];
    }

    private static Expression? ReadInput(AggregationSignature aggregation, HoconScalar text, MemberReader members, EventSource source)
    {
        var input = ExpressionBinder.Bind(new ExpressionSource(text.Text, text.PositionOf, members.Report), new EventScope(source));
        if (input is not null && !aggregation.Accepts.Contains(input.Type))
        {
            members.Report(LanguageDiagnostics.InputType(text.PositionOf(0), aggregation.Name, input.Type, aggregation.Accepts));
        }

        return input;
    }

    private Expression? CombineWhere(Expression? own) => defaults.Where is null || own is null
        ? own ?? defaults.Where
        : new LogicExpression(defaults.Where, own, isAnd: true);

    private static ImmutableArray<WindowDefinition> ReadWindows(AggregationSignature aggregation, HoconMember named, MemberReader members)
    {
        if (!members.Has("over"))
        {
            if (!aggregation.Lifetime)
            {
                members.Report(LanguageDiagnostics.OverNeeded(named.KeyPosition, aggregation.Name));
            }

            return [];
        }

        var windows = ImmutableArray.CreateBuilder<WindowDefinition>();
        foreach (var text in members.Scalars("over", "windows such as [1d, 7d], or no \"over\" for the whole lifetime") ?? [])
        {
            if (members.Duration("over", text, 1, "windows longer than 0s") is not { } millis)
            {
                continue;
            }

            var label = string.Concat(text.Text.Where(c => !char.IsWhiteSpace(c)));
            if (windows.FirstOrDefault(window => window.Millis == millis) is { Label: { } first })
            {
                members.Report(LanguageDiagnostics.DuplicateWindow(text.Position, label, first));
            }

            windows.Add(new WindowDefinition(label, millis));
        }

        return windows.ToImmutable();
    }

    private static ImmutableDictionary<string, double> ReadParameters(
        AggregationSignature aggregation, HoconMember named, MemberReader members)
    {
        var values = ImmutableDictionary.CreateBuilder<string, double>();
        foreach (var parameter in aggregation.Parameters)
        {
            if (!members.Has(parameter.Name))
            {
                members.Report(LanguageDiagnostics.MissingParameter(named.KeyPosition, aggregation.Name, parameter));
            }
            else if (members.Number(parameter.Name) is { } value)
            {
                values[parameter.Name] = value;
                if (!(value >= parameter.Minimum && value <= parameter.Maximum))
                {
                    var at = members.Members.First(member => member.Key == parameter.Name).Value.Position;
                    members.Report(LanguageDiagnostics.ParameterOutOfRange(at, parameter, value));
                }
            }
        }

        return values.ToImmutable();
    }

    private bool AddToDeclared(AggregationDefinition feature)
    {
        if (defaults.Source is null)
        {
            return false;
        }

        var type = feature.Inputs is [var input, ..] && aggregations.First(known => known.Name == feature.Aggregation.Value).KeepsInputType
            ? input.Type
            : FieldType.Number;
        var isNew = true;
        foreach (var name in feature.Windows.Select(window => $"{feature.Name}_{window.Label}").DefaultIfEmpty(feature.Name))
        {
            var fullName = $"{view.Name}.{name}";
            if (view.Features.Exists(known => known.FullName == fullName))
            {
                diagnostics.Add(LanguageDiagnostics.DuplicateFeature(feature.Position, fullName));
                isNew = false;
            }
            else
            {
                view.Features.Add(new DeclaredFeature(fullName, feature.Name, type));
            }
        }

        return isNew;
    }
}
