using Streaming.Features.Events;
using Streaming.Hocon;

namespace Streaming.Features.Language;

/// <summary>Reads and checks one <c>topic</c>: what its events mean to one another.</summary>
internal sealed class TopicDefinitionReader(IReadOnlyList<EventSource> sources, List<Diagnostic> diagnostics)
{
    private const string DefaultId = "event_id";
    private const string CorrectsBy = "corrects-by";
    private const string Off = "off";
    private const string DuplicatesSample = "duplicates { horizon = 7d } or duplicates = off";

    /// <summary>The definition; null when it is faulty, which is reported.</summary>
    public TopicDefinition? Read(Declaration topic)
    {
        if (topic.Body is not HoconObject body)
        {
            MemberReader.ReportNoObject(topic.Body, $"topic {topic.Name}", "an object in braces", diagnostics);
            return null;
        }

        if (topic.Merged)
        {
            return null;
        }

        var mistakes = diagnostics.Count;
        var members = new MemberReader(body, $"the topic \"{topic.Name}\"", topic.Position, diagnostics);
        members.RejectUnknown("duplicates", CorrectsBy);
        var source = sources.FirstOrDefault(source => source.Name == topic.Name);
        if (source is null)
        {
            members.Report(LanguageDiagnostics.UnknownSource(topic.Position, topic.Name, sources.Select(known => known.Name)));
            return null;
        }

        var duplicates = ReadDuplicates(members, source);
        var correctsBy = ReadId(members, CorrectsBy, source);
        return diagnostics.Count == mistakes && members.IsWhole
            ? new TopicDefinition(topic.Name, topic.Position, duplicates, correctsBy)
            : null;
    }

    private DuplicatesDefinition? ReadDuplicates(MemberReader members, EventSource source)
    {
        if (members.Members.FirstOrDefault(member => member.Key == "duplicates") is not { } member
            || member.Value is HoconScalar { Text: Off })
        {
            return null;
        }

        if (member.Value is not HoconObject body)
        {
            MemberReader.ReportNoObject(member.Value, "duplicates", DuplicatesSample, diagnostics);
            return null;
        }

        var duplicates = new MemberReader(body, $"the duplicates of \"{source.Name}\"", member.KeyPosition, diagnostics);
        duplicates.RejectUnknown("horizon", "id");
        duplicates.ReportMissing("horizon", "horizon = 7d");
        var horizon = duplicates.Duration("horizon", 1, "more than 0s");
        var id = duplicates.Has("id") ? ReadId(duplicates, "id", source) : FindId(duplicates, source);
        return horizon is { } millis && id is not null ? new DuplicatesDefinition(id, millis) : null;
    }

    private static string? FindId(MemberReader members, EventSource source)
    {
        var index = source.IndexOf(DefaultId);
        if (index >= 0 && source.Fields[index].Type == FieldType.Text)
        {
            return DefaultId;
        }

        members.Report(LanguageDiagnostics.IdUnnamed(members.Position, source, DefaultId));
        return null;
    }

    private static string? ReadId(MemberReader members, string key, EventSource source)
    {
        if (members.Scalar(key) is not { } name)
        {
            return null;
        }

        var index = source.IndexOf(name.Text);
        if (index < 0)
        {
            members.Report(LanguageDiagnostics.UnknownField(name.Position, name.Text, source));
            return null;
        }

        if (source.Fields[index].Type != FieldType.Text)
        {
            members.Report(LanguageDiagnostics.IdNotText(name.Position, source.Fields[index]));
            return null;
        }

        return name.Text;
    }
}
