using System.Collections.Immutable;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Hocon;

namespace Streaming.Offline.Training.Protocols;

/// <summary>Holds a training to the feature definitions that it names.</summary>
public static class ProtocolChecks
{
    /// <summary>Says that the file of a training's own feature definitions is not there.</summary>
    public static Diagnostic NoDefinitions(Located<string> file) => ProtocolDiagnostics.OtherDefinitions(file.Position, file.Value);

    /// <summary>Says that the file of a training's own event source cannot be read.</summary>
    public static Diagnostic NoSource(Located<string> file, string reason) =>
        ProtocolDiagnostics.NoSource(file.Position, file.Value, reason);

    /// <summary>What of it is not declared there.</summary>
    public static ImmutableArray<Diagnostic> Of(TrainingProtocol protocol, FeatureCatalog catalog)
    {
        ArgumentNullException.ThrowIfNull(protocol);
        ArgumentNullException.ThrowIfNull(catalog);
        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        foreach (var candidate in protocol.Candidates)
        {
            if (catalog.FindService(candidate.Service.Value) is not { } service)
            {
                diagnostics.Add(ProtocolDiagnostics.UnknownService(
                    candidate.Service.Position, candidate.Service.Value, [.. catalog.Services.Select(each => each.Name)]));
                continue;
            }

            diagnostics.AddRange(Fields(protocol, service));
            diagnostics.AddRange(Features(protocol, candidate, service));
            diagnostics.AddRange(Served(candidate, service, catalog));
        }

        return [.. diagnostics.Distinct()];
    }

    private static IEnumerable<Diagnostic> Fields(TrainingProtocol protocol, ServicePlan service)
    {
        if (service.Request is not { } source)
        {
            var (at, found) = protocol.Label is { } flag ? (flag.Position, flag.Value) : (protocol.LookAhead!.Position, "a rule");
            yield return ProtocolDiagnostics.WrongField(
                at, "label", found, $"a request in the service \"{service.Name}\", whose field it is", []);
            yield break;
        }

        var wrong = new List<Diagnostic>();
        protocol.LookAhead?.Compile(source, wrong);
        foreach (var diagnostic in wrong)
        {
            yield return diagnostic;
        }

        (string, Located<string>?, FieldType)[] all = [("label", protocol.Label, FieldType.Flag), ("card", protocol.Card, FieldType.Text)];
        foreach (var (key, field, type) in all)
        {
            if (field is not { } named)
            {
                continue;
            }

            var known = source.Fields.Where(each => each.Type == type).Select(each => each.Name).ToArray();
            if (!known.Contains(named.Value))
            {
                yield return ProtocolDiagnostics.WrongField(
                    named.Position, key, named.Value, $"a {type.ToString().ToLowerInvariant()} of {source.Name}", known);
            }
        }
    }

    private static IEnumerable<Diagnostic> Served(TrainingCandidate candidate, ServicePlan service, FeatureCatalog catalog)
    {
        if (candidate.ServeAs is not { } named)
        {
            yield break;
        }

        if (catalog.FindService(named.Value) is not { } served)
        {
            yield return ProtocolDiagnostics.UnknownService(
                named.Position, named.Value, [.. catalog.Services.Select(each => each.Name)]);
        }
        else if (Difference(service, served) is { } difference)
        {
            yield return ProtocolDiagnostics.OtherVector(named.Position, named.Value, service.Name, difference);
        }
    }

    // The names of views may differ, nothing else.
    private static string? Difference(ServicePlan service, ServicePlan served)
    {
        if (service.Request?.Name != served.Request?.Name)
        {
            return "their requests differ";
        }

        if (service.FeatureNames.Length != served.FeatureNames.Length)
        {
            return $"it has {served.FeatureNames.Length} instead of {service.FeatureNames.Length}";
        }

        var pairs = service.FeatureNames.Zip(served.FeatureNames, (own, other) => (Own: own, Other: other));
        return pairs.Where(pair => Plain(pair.Own) != Plain(pair.Other))
            .Select(pair => $"it has \"{pair.Other}\" in the place of \"{pair.Own}\"").FirstOrDefault();
    }

    private static string Plain(string feature)
    {
        var dot = feature.IndexOf('.', StringComparison.Ordinal);
        return dot < 0 || feature.StartsWith("request.", StringComparison.Ordinal) ? feature : feature[dot..];
    }

    private static IEnumerable<Diagnostic> Features(TrainingProtocol protocol, TrainingCandidate candidate, ServicePlan service)
    {
        var named = candidate.Groups.SelectMany(group => group.Value).Concat(candidate.Ascending);
        if (protocol.Costs?.MissedFeature is { } cost)
        {
            named = named.Append(cost);
        }

        foreach (var feature in named.Where(feature => FeatureGroup.Matching(service.FeatureNames, feature.Value).IsEmpty))
        {
            yield return ProtocolDiagnostics.UnknownFeature(feature.Position, feature.Value, service.Name, service.FeatureNames);
        }
    }
}
