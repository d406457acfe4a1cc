using System.Collections.Immutable;
using Streaming.Features.Events;
using Streaming.Features.Language;
using Streaming.Features.Plans;
using Streaming.Hocon;
using Streaming.Scoring.Models;

namespace Streaming.Scoring.Definitions;

/// <summary>Reads the body of one model.</summary>
internal sealed class ModelDefinitionReader(FeatureCatalog catalog, List<Diagnostic> diagnostics)
{
    /// <summary>As many as a <see cref="ScoreResult"/> has bits for.</summary>
    public const int MaxReasons = 64;

    private static readonly string[] s_keys =
    [
        "service", "file", "champion", "thresholds", "fallback", "request", "reasons", "inputs", "output", "explain", "describe",
        .. ChallengeReader.Keys,
    ];

    /// <summary>The definition; null when there is a mistake, which is reported.</summary>
    public ModelDefinition? Read(string name, string directory, MemberReader members)
    {
        var mistakes = diagnostics.Count;
        members.RejectUnknown(s_keys);
        var service = ReadService(members);
        var file = members.Required("file", "file = \"fraud.onnx\"")?.Text ?? string.Empty;
        var champion = members.Number("champion", orFlag: true) is { } flag && flag != 0;
        var thresholds = ReadThresholds(members);
        var fallbacks = new FallbackReader(diagnostics);
        var answers = Section(members, "fallback", "fallback { score = 0.5, decision = review }");
        var fallback = answers is null ? default : fallbacks.Read(answers);
        var rules = answers is null || service is null ? [] : fallbacks.ReadRules(answers, service);
        var request = service is null ? RequestRules.None : ReadRequest(members, service.Request);
        var reasons = service is null ? [] : ReadReasons(members, service);
        var mapping = service is null ? ModelMapping.None : new MappingReader(service.FeatureNames, diagnostics).Read(members);
        var challenge = new ChallengeReader(diagnostics).Read(members);
        var explain = service is null ? ExplainRules.None : new ExplainReader(service.FeatureNames, diagnostics).Read(members);
        return diagnostics.Count > mistakes || service is null
            ? null
            : new(name, members.Position, service.Name, Path.Combine(directory, file), champion, thresholds, fallback, request, reasons)
            {
                Mapping = mapping,
                Challenge = challenge,
                FallbackRules = rules,
                Explain = explain,
            };
    }

    private ServicePlan? ReadService(MemberReader members)
    {
        if (members.Required("service", "service = fraud") is not { } named)
        {
            return null;
        }

        var service = catalog.FindService(named.Text);
        if (service is null)
        {
            diagnostics.Add(ModelDiagnostics.UnknownService(named.Position, named.Text, [.. catalog.Services.Select(one => one.Name)]));
        }

        return service;
    }

    private Thresholds ReadThresholds(MemberReader members)
    {
        if (Section(members, "thresholds", "thresholds { review = 0.3, decline = 0.8 }") is not { } section)
        {
            return default;
        }

        section.RejectUnknown("review", "decline");
        section.ReportMissing("review", "review = 0.3");
        section.ReportMissing("decline", "decline = 0.8");
        var thresholds = new Thresholds(UnitNumber(section, "review"), UnitNumber(section, "decline"));
        if (thresholds.Review > thresholds.Decline)
        {
            diagnostics.Add(ModelDiagnostics.ThresholdsOutOfOrder(section.Position, thresholds.Review, thresholds.Decline));
        }

        return thresholds;
    }

    private RequestRules ReadRequest(MemberReader members, EventSource? request)
    {
        if (Section(members, "request") is not { } section)
        {
            return RequestRules.None;
        }

        section.RejectUnknown("required", "minimum", "defaults");
        var required = section.Scalars("required", "for instance [card_id, amount]") ?? [];
        required.ForEach(field => FieldOf(field.Position, field.Text, request));
        return new([.. required.Select(field => field.Text)], ReadMinimum(section, request), ReadDefaults(section, request));
    }

    private ImmutableDictionary<string, double> ReadMinimum(MemberReader request, EventSource? source)
    {
        var minimum = ImmutableDictionary.CreateBuilder<string, double>();
        foreach (var (field, member, section) in Fields(request, "minimum", source))
        {
            if (field.Type != FieldType.Number)
            {
                diagnostics.Add(ModelDiagnostics.WrongFieldType(member.KeyPosition, field.Name, field.Type, "a number with a minimum"));
            }
            else if (section.Number(field.Name) is { } number)
            {
                minimum[field.Name] = number;
            }
        }

        return minimum.ToImmutable();
    }

    private ImmutableDictionary<string, string> ReadDefaults(MemberReader request, EventSource? source)
    {
        var defaults = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (var (field, member, section) in Fields(request, "defaults", source))
        {
            if (field.Type != FieldType.Text)
            {
                diagnostics.Add(ModelDiagnostics.WrongFieldType(member.KeyPosition, field.Name, field.Type, "a text with a default"));
            }
            else if (section.Scalar(field.Name) is { } text)
            {
                defaults[field.Name] = text.Text;
            }
        }

        return defaults.ToImmutable();
    }

    private ImmutableArray<ReasonRule> ReadReasons(MemberReader members, ServicePlan service)
    {
        if (Section(members, "reasons") is not { } section)
        {
            return [];
        }

        var types = catalog.Entities.SelectMany(entity => entity.Views)
            .SelectMany(view => view.Features)
            .ToDictionary(f => f.FullName, f => f.Type);
        var reads = service.Reads.Select(name => (name, types[name])).ToArray();
        var reasons = ImmutableArray.CreateBuilder<ReasonRule>();
        foreach (var member in section.Members)
        {
            if (section.Scalar(member.Key) is { } text
                && ServiceExpressions.ReadCondition(text, reads, service.Request, diagnostics) is { } condition)
            {
                reasons.Add(new(member.Key, member.KeyPosition, condition));
            }
        }

        if (reasons.Count > MaxReasons)
        {
            diagnostics.Add(ModelDiagnostics.TooManyReasons(section.Position, MaxReasons));
        }

        return reasons.ToImmutable();
    }

    private IEnumerable<(SourceField Field, HoconMember Member, MemberReader Section)> Fields(
        MemberReader request, string key, EventSource? source)
    {
        if (Section(request, key) is not { } section)
        {
            yield break;
        }

        foreach (var member in section.Members)
        {
            if (FieldOf(member.KeyPosition, member.Key, source) is { } field)
            {
                yield return (field, member, section);
            }
        }
    }

    private SourceField? FieldOf(SourcePosition at, string name, EventSource? source)
    {
        var index = source?.IndexOf(name) ?? -1;
        if (index >= 0)
        {
            return source!.Fields[index];
        }

        diagnostics.Add(ModelDiagnostics.UnknownRequestField(at, name, source));
        return null;
    }

    private MemberReader? Section(MemberReader members, string key, string? sample = null)
    {
        if (sample is not null)
        {
            members.ReportMissing(key, sample);
        }

        return members.Section(key) is { } body ? new MemberReader(body, $"\"{key}\"", body.Position, diagnostics) : null;
    }

    private double UnitNumber(MemberReader members, string key)
    {
        var number = members.Number(key) ?? 0;
        if (number is < 0 or > 1)
        {
            diagnostics.Add(ModelDiagnostics.NotInUnitInterval(members.Scalar(key)!.Position, key, number));
        }

        return number;
    }
}
