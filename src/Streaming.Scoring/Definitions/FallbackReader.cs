using System.Collections.Immutable;
using Streaming.Features.Language;
using Streaming.Features.Plans;
using Streaming.Hocon;

namespace Streaming.Scoring.Definitions;

/// <summary>Reads what is answered when the model cannot.</summary>
internal sealed class FallbackReader(List<Diagnostic> diagnostics)
{
    private const string Sample = "{ when = \"request.amount > 500\", score = 0.9, decision = decline }";

    /// <summary>The answer where no rule holds.</summary>
    public Fallback Read(MemberReader section)
    {
        section.RejectUnknown("score", "decision", "rules");
        return ReadAnswer(section);
    }

    /// <summary>The rules, in order.</summary>
    public ImmutableArray<FallbackRule> ReadRules(MemberReader section, ServicePlan service)
    {
        if (section.Section("rules") is not { } body)
        {
            return [];
        }

        var rules = ImmutableArray.CreateBuilder<FallbackRule>();
        var reader = new MemberReader(body, "\"rules\"", body.Position, diagnostics);
        foreach (var member in reader.Members)
        {
            if (member.Value is not HoconObject rule)
            {
                MemberReader.ReportNoObject(member.Value, member.Key, Sample, diagnostics);
            }
            else if (ReadRule(member, rule, service) is { } read)
            {
                rules.Add(read);
            }
        }

        return rules.ToImmutable();
    }

    private FallbackRule? ReadRule(HoconMember member, HoconObject body, ServicePlan service)
    {
        var rule = new MemberReader(body, $"the rule \"{member.Key}\"", body.Position, diagnostics);
        rule.RejectUnknown("when", "score", "decision");
        var answer = ReadAnswer(rule);
        return rule.Required("when", "when = \"request.amount > 500\"") is { } when
            && ServiceExpressions.ReadCondition(when, [], service.Request, diagnostics) is { } condition
            ? new(member.Key, member.KeyPosition, condition, answer.Score, answer.Decision)
            : null;
    }

    private Fallback ReadAnswer(MemberReader section)
    {
        section.ReportMissing("score", "score = 0.5");
        var decision = Decision.Review;
        if (section.Required("decision", "decision = review") is { } scalar && !TryParseDecision(scalar.Text, out decision))
        {
            diagnostics.Add(ModelDiagnostics.UnknownDecision(scalar.Position, scalar.Text));
        }

        var score = section.Number("score") ?? 0;
        if (score is < 0 or > 1)
        {
            diagnostics.Add(ModelDiagnostics.NotInUnitInterval(section.Scalar("score")!.Position, "score", score));
        }

        return new(score, decision);
    }

    private static bool TryParseDecision(string text, out Decision decision)
    {
        decision = text switch { "approve" => Decision.Approve, "decline" => Decision.Decline, _ => Decision.Review };
        return text is "approve" or "review" or "decline";
    }
}
