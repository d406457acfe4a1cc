using System.Collections.Immutable;
using System.Globalization;
using Streaming.Hocon;
using Streaming.Scoring.Models;

namespace Streaming.Scoring.Definitions;

/// <summary>Reads <c>inputs</c> and <c>output</c> of a model: how a file from elsewhere is fed and read.</summary>
internal sealed class MappingReader(ImmutableArray<string> features, List<Diagnostic> diagnostics)
{
    /// <summary>The mapping; mistakes are reported.</summary>
    public ModelMapping Read(MemberReader members)
    {
        var inputs = members.Section("inputs") is { } body ? ReadInputs(body) : [];
        var output = members.Section("output") is { } found
            ? ReadOutput(new MemberReader(found, "\"output\"", found.Position, diagnostics))
            : null;
        return new(inputs, output);
    }

    private ImmutableArray<InputMapping> ReadInputs(HoconObject body)
    {
        var section = new MemberReader(body, "\"inputs\"", body.Position, diagnostics);
        if (!section.Members.Any())
        {
            section.ReportEmpty(body.Position, "inputs", "NAME = FEATURE, or NAME = [FEATURE, ...]");
        }

        var inputs = ImmutableArray.CreateBuilder<InputMapping>();
        foreach (var member in section.Members)
        {
            if (member.Value is HoconObject)
            {
                diagnostics.Add(MappingDiagnostics.DottedInput(member.KeyPosition, member.Key));
            }
            else if (section.Scalars(member.Key, "a feature of the service, or an array of them") is { } named)
            {
                named.ForEach(feature => CheckFeature(feature));
                inputs.Add(new(member.Key, member.KeyPosition, [.. named.Select(feature => feature.Text)]));
            }
        }

        return inputs.ToImmutable();
    }

    private void CheckFeature(HoconScalar feature)
    {
        if (!features.Contains(feature.Text))
        {
            diagnostics.Add(MappingDiagnostics.UnknownFeature(feature.Position, feature.Text, features));
        }
    }

    private OutputMapping ReadOutput(MemberReader section)
    {
        section.RejectUnknown("name", "column", "class");
        if (section.Has("column") && section.Has("class"))
        {
            diagnostics.Add(MappingDiagnostics.ColumnAndClass(section.Position));
        }
        else if (!section.Has("name") && !section.Has("column") && !section.Has("class"))
        {
            section.ReportEmpty(section.Position, "output", "name = NAME, column = N or class = CLASS");
        }

        return new(section.Position, section.Scalar("name")?.Text, ReadColumn(section), section.Scalar("class")?.Text);
    }

    private int? ReadColumn(MemberReader section)
    {
        if (section.Scalar("column") is not { } scalar)
        {
            return null;
        }

        if (int.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var column))
        {
            return column;
        }

        diagnostics.Add(MappingDiagnostics.NotAColumn(scalar.Position, scalar.Text));
        return null;
    }
}
