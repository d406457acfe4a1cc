using System.Collections.Immutable;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Streaming.Features.Plans;

/// <summary>All views of one entity type, and which events feed them. Immutable.</summary>
public sealed class EntityPlan
{
    internal EntityPlan(string name, ImmutableArray<ViewPlan> views)
    {
        Name = name;
        Views = views;
        Feeds =
        [
            .. views.Select((view, index) => (view, index))
                .GroupBy(v => (v.view.Source.Name, v.view.KeyField, v.view.TimeField))
                .OrderBy(g => g.Key.Name, StringComparer.Ordinal).ThenBy(g => g.Key.KeyField).ThenBy(g => g.Key.TimeField)
                .Select(
                    (g, index) =>
                        new EntityFeed(this, index, g.First().view.Source, g.Key.KeyField, g.Key.TimeField, [.. g.Select(v => v.index)])),
        ];
        AllFeatures = EntityReadPlan.ForAll(this);
        Fingerprint = XxHash3.HashToUInt64(MemoryMarshal.AsBytes(views.Select(view => view.Fingerprint).ToArray().AsSpan()));
    }

    /// <summary>The entity type: card, user, terminal ...</summary>
    public string Name { get; }

    /// <summary>The views, in the order of their declaration.</summary>
    public ImmutableArray<ViewPlan> Views { get; }

    /// <summary>Which sources deliver to the entity, and by which key.</summary>
    public ImmutableArray<EntityFeed> Feeds { get; }

    /// <summary>Changes with the layout of the entity's state: states of another one cannot be used.</summary>
    public ulong Fingerprint { get; }

    /// <summary>Reads every feature of every view, in order.</summary>
    public EntityReadPlan AllFeatures { get; }
}
