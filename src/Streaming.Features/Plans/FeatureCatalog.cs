using System.Collections.Immutable;
using Streaming.Features.Aggregations;
using Streaming.Features.Events;
using Streaming.Features.Language;
using Streaming.Hocon;

namespace Streaming.Features.Plans;

/// <summary>Everything that the definitions declare, compiled once at start and shared by the engine, backfill and training.</summary>
public sealed class FeatureCatalog
{
    private readonly FeatureDefinitions _definitions;

    private FeatureCatalog(
        FeatureDefinitions definitions,
        ImmutableArray<EventSource> sources,
        ImmutableArray<EntityPlan> entities,
        ImmutableArray<ServicePlan> services)
    {
        _definitions = definitions;
        Sources = sources;
        Entities = entities;
        Services = services;
    }

    /// <summary>The event sources that definitions may name.</summary>
    public ImmutableArray<EventSource> Sources { get; }

    /// <summary>The entity types, in the order of their first view.</summary>
    public ImmutableArray<EntityPlan> Entities { get; }

    /// <summary>The feature services.</summary>
    public ImmutableArray<ServicePlan> Services { get; }

    /// <summary>Parses and compiles definitions. The catalog is null when there is any diagnostic.</summary>
    /// <param name="files">File names, for messages, and texts.</param>
    /// <param name="sources">The event sources.</param>
    public static (FeatureCatalog? Catalog, ImmutableArray<Diagnostic> Diagnostics) Compile(
        IReadOnlyList<(string File, string Text)> files, IReadOnlyList<EventSource> sources)
    {
        var (definitions, diagnostics) = FeatureLanguage.Parse(files, sources, AggregationRegistry.Signatures);
        return diagnostics.IsEmpty ? (Compile(definitions, sources), diagnostics) : (null, diagnostics);
    }

    /// <summary>An entity type by name; null when there is none.</summary>
    public EntityPlan? FindEntity(string name) => Entities.FirstOrDefault(e => e.Name == name);

    /// <summary>A service by name; null when there is none.</summary>
    public ServicePlan? FindService(string name) => Services.FirstOrDefault(s => s.Name == name);

    /// <summary>A catalog of one service and only those features that it reads, for work that needs no others.</summary>
    public FeatureCatalog For(ServicePlan service)
    {
        var reads = service.Reads.ToHashSet();
        var views = _definitions.Views
            .Select(view => view with { Features = [.. view.Features.Where(feature => IsRead(view, feature, reads))] })
            .Where(view => !view.Features.IsEmpty);
        return Compile(
            _definitions with { Views = [.. views], Services = [.. _definitions.Services.Where(s => s.Name == service.Name)] }, Sources);
    }

    private static bool IsRead(FeatureViewDefinition view, AggregationDefinition feature, HashSet<string> reads) =>
        feature.Windows.IsEmpty
            ? reads.Contains($"{view.Name}.{feature.Name}")
            : feature.Windows.Any(window => reads.Contains($"{view.Name}.{feature.Name}_{window.Label}"));

    internal static FeatureCatalog Compile(FeatureDefinitions definitions, IReadOnlyList<EventSource> sources)
    {
        var views = ViewBuilder.Build(
            definitions.Views,
            name => sources.First(source => source.Name == name),
            name => definitions.Topics.FirstOrDefault(topic => topic.Name == name)?.CorrectsBy);
        ImmutableArray<EntityPlan> entities = [.. views.GroupBy(v => v.Entity).Select(g => new EntityPlan(g.Key, [.. g], DuplicatesOf))];
        return new(definitions, [.. sources], entities, [.. definitions.Services.Select(s => Compile(s, entities, sources))]);

        DuplicateRule? DuplicatesOf(EventSource source) =>
            definitions.Topics.FirstOrDefault(topic => topic.Name == source.Name)?.Duplicates is { } duplicates
                ? new DuplicateRule(source.IndexOf(duplicates.IdField), duplicates.HorizonMillis)
                : null;
    }

    private static ServicePlan Compile(
        FeatureServiceDefinition definition, ImmutableArray<EntityPlan> entities, IReadOnlyList<EventSource> sources)
    {
        var features = (
            from entity in entities
            from view in entity.Views.Select((plan, index) => (plan, index))
            from feature in view.plan.Features.Select((plan, index) => (plan, index))
            select (
                entity, view: view.index, feature: feature.index, feature.plan, keyField: view.plan.Source.Fields[view.plan.KeyField].Name))
            .ToDictionary(f => f.plan.FullName);
        var read = definition.Reads.Select((name, slot) => (features[name], slot)).ToArray();
        var request = sources.FirstOrDefault(s => s.Name == definition.RequestSource);
        var reads = read.GroupBy(r => r.Item1.entity).Select(g => new ServiceRead(
            EntityReadPlan.For(g.Key, [.. g.Select(r => (r.Item1.view, r.Item1.feature, r.slot))]),
            g.Select(r => request?.IndexOf(r.Item1.keyField) ?? -1).FirstOrDefault(field => field >= 0, -1)));
        return new(
            definition.Name, request, definition.Reads, [.. reads], definition, [.. definition.Reads.Select(name => features[name].plan)]);
    }
}
