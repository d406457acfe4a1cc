using System.Collections.Immutable;
using System.Globalization;
using Streaming.Hocon;

namespace Streaming.Scoring.Definitions;

/// <summary>Reads <c>explain</c> and <c>describe</c> of a model: how its contributions are told.</summary>
internal sealed class ExplainReader(ImmutableArray<string> features, List<Diagnostic> diagnostics)
{
    /// <summary>The rules; mistakes are reported.</summary>
    public ExplainRules Read(MemberReader members) => new(ReadTop(members), ReadTexts(members));

    private int ReadTop(MemberReader members)
    {
        if (members.Scalar("explain") is not { } scalar)
        {
            return 0;
        }

        if (int.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var top) && top <= ExplainRules.Most)
        {
            return top;
        }

        diagnostics.Add(MappingDiagnostics.NotATop(scalar.Position, scalar.Text));
        return 0;
    }

    private ImmutableDictionary<string, FeatureText> ReadTexts(MemberReader members)
    {
        var texts = ImmutableDictionary.CreateBuilder<string, FeatureText>();
        if (members.Section("describe") is not { } body)
        {
            return texts.ToImmutable();
        }

        var section = new MemberReader(body, "\"describe\"", body.Position, diagnostics);
        var codes = features.ToDictionary(feature => feature);
        foreach (var member in section.Members)
        {
            if (!features.Contains(member.Key))
            {
                diagnostics.Add(MappingDiagnostics.UnknownDescribed(member.KeyPosition, member.Key, features));
            }
            else if (ReadText(section, member) is { } text)
            {
                // A feature's own name is taken by no other.
                if (!codes.TryAdd(text.Code, member.Key) && codes[text.Code] != member.Key)
                {
                    diagnostics.Add(MappingDiagnostics.SecondCode(member.KeyPosition, text.Code, codes[text.Code]));
                }

                texts[member.Key] = text;
            }
        }

        return texts.ToImmutable();
    }

    private FeatureText? ReadText(MemberReader section, HoconMember member)
    {
        if (member.Value is not HoconObject body)
        {
            return section.Scalar(member.Key) is { } scalar ? new(member.Key, scalar.Text) : null;
        }

        var described = new MemberReader(body, $"\"{member.Key}\"", member.KeyPosition, diagnostics);
        described.RejectUnknown("code", "text");
        return described.Required("text", "text = \"amount against the card's 30-day mean\"") is { } text
            ? new(described.Scalar("code")?.Text ?? member.Key, text.Text)
            : null;
    }
}
