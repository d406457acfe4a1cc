using System.Collections.Immutable;
using Streaming.Features.Events;
using Streaming.Features.Layout;

namespace Streaming.Features.Plans;

/// <summary>Which features of one entity a caller wants and where in its output each goes. Immutable.</summary>
public sealed class EntityReadPlan
{
    private const int MaxCopiedWords = 512;

    private EntityReadPlan(EntityPlan entity, ImmutableArray<ViewReadPlan> views, int outputLength)
    {
        Entity = entity;
        Views = views;
        Slots = [.. views.SelectMany(view => view.Slots).Order()];
        OutputLength = outputLength;
        HeaderWords = views.Select(v => v.View.HeaderWords).DefaultIfEmpty(0).Max();
        IsOptimistic = HeaderWords <= MaxCopiedWords && views.All(v => v.IsOptimistic);
        var names = views.SelectMany(
            view => view.Slots.Zip(view.Features, (slot, feature) => (slot, view.View.Features[feature].FullName)));
        Features = [.. names.OrderBy(static name => name.slot).Select(static name => name.FullName)];
    }

    /// <summary>The entity type.</summary>
    public EntityPlan Entity { get; }

    /// <summary>Where in the output its features go, in ascending order.</summary>
    public ImmutableArray<int> Slots { get; }

    /// <summary>The full names of its features, in the order of <see cref="Slots"/>.</summary>
    public ImmutableArray<string> Features { get; }

    /// <summary>How long the output must be at least.</summary>
    public int OutputLength { get; }

    /// <summary>Whether any thread may read it without the entity's owner; texts need the owner.</summary>
    public bool IsOptimistic { get; }

    /// <summary>The largest header among the views.</summary>
    internal int HeaderWords { get; }

    internal ImmutableArray<ViewReadPlan> Views { get; }

    /// <summary>
    /// Reads features of an entity type by their full names, each into its place; null where it does not have one of them.
    /// </summary>
    public static EntityReadPlan? For(EntityPlan entity, IReadOnlyList<string> features)
    {
        var known = entity.Views.SelectMany((plan, view) => plan.Features.Select((feature, index) => (feature.FullName, view, index)))
            .ToDictionary(static each => each.FullName, static each => (each.view, each.index));
        return features.All(known.ContainsKey)
            ? For(entity, [.. features.Select((feature, slot) => (known[feature].view, known[feature].index, slot))])
            : null;
    }

    /// <summary>Calls <paramref name="visit"/> with every field of a hypothetical event of a source that it reads.</summary>
    public void VisitInputs(EventSource source, Action<int> visit)
    {
        foreach (var view in Views)
        {
            if (view.View.Source == source)
            {
                view.View.VisitInputs(visit);
                if (Entity.Feeds[Entity.FeedOfView[view.ViewIndex]].Duplicates is { } duplicates)
                {
                    visit(duplicates.IdField);
                }
            }
        }
    }

    internal static EntityReadPlan ForAll(EntityPlan entity)
    {
        var slot = 0;
        var wanted = new List<(int View, int Feature, int Slot)>();
        for (var view = 0; view < entity.Views.Length; view++)
        {
            for (var feature = 0; feature < entity.Views[view].Features.Count; feature++)
            {
                wanted.Add((view, feature, slot++));
            }
        }

        return For(entity, wanted);
    }

    internal static EntityReadPlan For(EntityPlan entity, IReadOnlyList<(int View, int Feature, int Slot)> wanted)
    {
        var views = wanted.GroupBy(w => w.View).OrderBy(g => g.Key).Select(g => ViewReadPlan.For(entity.Views[g.Key], g.Key, [.. g]));
        return new(entity, [.. views], wanted.Select(w => w.Slot + 1).DefaultIfEmpty(0).Max());
    }
}

/// <summary>The part of a read that concerns one view; features are grouped by window.</summary>
internal sealed record ViewReadPlan(ViewPlan View, int ViewIndex, int[] Features, int[] Slots, int[] Columns)
{
    public bool IsOptimistic { get; } = Columns.All(c => View.Columns[c].Kind != InputKind.Text);

    public static ViewReadPlan For(ViewPlan view, int viewIndex, IReadOnlyList<(int View, int Feature, int Slot)> wanted)
    {
        var byWindow = wanted.OrderBy(w => view.Features[w.Feature].Window).ThenBy(w => w.Slot).ToArray();
        return new(
            view,
            viewIndex,
            [.. byWindow.Select(w => w.Feature)],
            [.. byWindow.Select(w => w.Slot)],
            [.. byWindow.SelectMany(w => view.Features[w.Feature].Columns).Distinct().Order()]);
    }
}
