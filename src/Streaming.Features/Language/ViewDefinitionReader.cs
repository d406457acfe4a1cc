using System.Collections.Immutable;
using Streaming.Features.Events;
using Streaming.Features.Language.Expressions;
using Streaming.Hocon;

namespace Streaming.Features.Language;

/// <summary>Reads and checks one <c>feature-view</c>.</summary>
internal sealed class ViewDefinitionReader(
    IReadOnlyList<EventSource> sources,
    IReadOnlyList<AggregationSignature> aggregations,
    DeclaredViews declaredViews,
    List<Diagnostic> diagnostics)
{
    private static readonly string[] s_keys = ["entity", "source", "key", "time", "delay", "ttl", "where", "features"];

    private readonly Dictionary<(string Source, string Key), Located<string>> _entities = [];

    /// <summary>The definition with its faultless features; null when the view as a whole is faulty.</summary>
    public FeatureViewDefinition? Read(Declaration view)
    {
        var entry = declaredViews.Open(view.Name);
        entry.IsFaulty = true;
        if (view.Body is not HoconObject body)
        {
            MemberReader.ReportNoObject(view.Body, $"feature-view {view.Name}", "an object in braces", diagnostics);
            return null;
        }

        return view.Merged ? null : Read(view, new MemberReader(body, $"the view \"{view.Name}\"", view.Position, diagnostics), entry);
    }

    private FeatureViewDefinition? Read(Declaration view, MemberReader members, DeclaredView entry)
    {
        var mistakes = diagnostics.Count;
        members.RejectUnknown(s_keys);
        var entity = ReadEntity(members);
        var source = ReadSource(members);
        var key = ReadField(members, "key", "key = card_id", source);
        var time = ReadField(members, "time", "time = ts", source);
        CheckTypes(key, time);
        var delay = members.Duration("delay", 0, "0s or more") ?? 0;
        var ttl = members.Duration("ttl", 1, "more than 0s");
        var where = ReadWhere(members, source);
        var isWhole = diagnostics.Count == mistakes && members.IsWhole;

        entry.Source = source?.Name;
        var defaults = new FeatureDefaults(source, where, ttl);
        var features = ReadFeatures(members, entry, defaults);
        if (!isWhole || entity is null || source is null || key is null || time is null || features is null)
        {
            return null;
        }

        entry.IsFaulty = false;
        (entry.Entity, entry.Key) = (entity.Value.Value, key.Value.Value.Name);
        CheckEntity(entity.Value, source.Name, entry.Key);
        return new FeatureViewDefinition(
            view.Name, view.Position, entry.Entity, source.Name, key.Value.Value.Name, time.Value.Value.Name, delay, features.Value);
    }

    private static Located<string>? ReadEntity(MemberReader members)
    {
        var entity = members.Required("entity", "entity = card");
        if (entity is not null && !Names.IsValid(entity.Text))
        {
            members.Report(LanguageDiagnostics.InvalidName(entity.Position, "entity", entity.Text));
        }

        return entity is null ? null : new Located<string>(entity.Text, entity.Position);
    }

    /// <summary>
    /// One field of one source names entities of one type; a second name is a slip that would split the features of one entity.
    /// </summary>
    private void CheckEntity(Located<string> entity, string source, string key)
    {
        if (!_entities.TryAdd((source, key), entity) && _entities[(source, key)] is var known && known.Value != entity.Value)
        {
            diagnostics.Add(LanguageDiagnostics.EntityOfTwoNames(entity.Position, entity.Value, source, key, known.Value, known.Position));
        }
    }

    private EventSource? ReadSource(MemberReader members)
    {
        if (members.Required("source", "source = transactions") is not { } name)
        {
            return null;
        }

        var source = sources.FirstOrDefault(source => source.Name == name.Text);
        if (source is null)
        {
            members.Report(LanguageDiagnostics.UnknownSource(name.Position, name.Text, sources.Select(known => known.Name)));
        }

        return source;
    }

    private static Located<SourceField>? ReadField(MemberReader members, string key, string sample, EventSource? source)
    {
        if (members.Required(key, sample) is not { } name || source is null)
        {
            return null;
        }

        var index = source.IndexOf(name.Text);
        if (index < 0)
        {
            members.Report(LanguageDiagnostics.UnknownField(name.Position, name.Text, source));
            return null;
        }

        return new Located<SourceField>(source.Fields[index], name.Position);
    }

    private void CheckTypes(Located<SourceField>? key, Located<SourceField>? time)
    {
        if (key is { } keyField && keyField.Value.Type != FieldType.Text)
        {
            diagnostics.Add(LanguageDiagnostics.KeyNotText(keyField.Position, keyField.Value));
        }

        if (time is { } timeField && timeField.Value.Type != FieldType.Time)
        {
            diagnostics.Add(LanguageDiagnostics.TimeNotTime(timeField.Position, timeField.Value));
        }
    }

    /// <summary>The flag expression of a <c>where</c>; null when it is left out or faulty, which is reported.</summary>
    public static Expression? ReadWhere(MemberReader members, EventSource? source)
    {
        if (members.Scalar("where") is not { } text || source is null)
        {
            return null;
        }

        var where = ExpressionBinder.Bind(new ExpressionSource(text.Text, text.PositionOf, members.Report), new EventScope(source));
        if (where is null || where.Type == FieldType.Flag)
        {
            return where;
        }

        members.Report(LanguageDiagnostics.WhereNotFlag(text.PositionOf(0), where.Type));
        return null;
    }

    private ImmutableArray<AggregationDefinition>? ReadFeatures(MemberReader members, DeclaredView entry, FeatureDefaults defaults)
    {
        members.ReportMissing("features", "features { tx_count { count = \"*\", over = [7d] } }");
        if (members.Section("features") is not { } body)
        {
            return null;
        }

        if (body.Members.IsEmpty)
        {
            members.ReportEmpty(body.Position, "features", "for instance tx_count { count = \"*\", over = [7d] }");
            return null;
        }

        var reader = new FeatureDefinitionReader(aggregations, entry, defaults, diagnostics);
        var all = new MemberReader(body, $"the features of \"{entry.Name}\"", body.Position, diagnostics);
        return [.. all.Members.Select(reader.Read).OfType<AggregationDefinition>()];
    }
}

/// <summary>What a view hands down to its features; the source is null when it is faulty.</summary>
internal sealed record FeatureDefaults(EventSource? Source, Expression? Where, long? TtlMillis);
