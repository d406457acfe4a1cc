using System.Collections.Immutable;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using Streaming.Features.Events;

namespace Streaming.Features.Plans;

/// <summary>All views of one entity type, and which events feed them. Immutable.</summary>
public sealed class EntityPlan
{
    internal EntityPlan(string name, ImmutableArray<ViewPlan> views, Func<EventSource, DuplicateRule?> duplicatesOf)
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
                        new EntityFeed(this, index, g.First().view.Source, g.Key.KeyField, g.Key.TimeField, [.. g.Select(v => v.index)])
                        {
                            Duplicates = duplicatesOf(g.First().view.Source),
                        }),
        ];
        FeedOfView = [.. views.Select((_, view) => Feeds.First(feed => feed.Views.Contains(view)).Index)];
        FeedRanks = [.. Feeds.Select(feed => Feeds.Count(other => string.CompareOrdinal(other.Name, feed.Name) < 0))];
        RemembersIds = Feeds.Any(feed => feed.Duplicates is not null);
        UsefulMillis = UsefulOf(this);
        AllFeatures = EntityReadPlan.ForAll(this);
        Fingerprint = FingerprintOf(this);
    }

    /// <summary>The entity type: card, user, terminal ...</summary>
    public string Name { get; }

    /// <summary>The views, in the order of their declaration.</summary>
    public ImmutableArray<ViewPlan> Views { get; }

    /// <summary>Which sources deliver to the entity, and by which key.</summary>
    public ImmutableArray<EntityFeed> Feeds { get; }

    /// <summary>Changes with the layout of the entity's state: states of another one cannot be used.</summary>
    public ulong Fingerprint { get; }

    /// <summary>
    /// How long after an entity's newest time its state can matter, in milliseconds; null where a feature is of the lifetime. It is the
    /// sum of its longest window and delay; the day in which past reads are answered; where ids are remembered twice their longest
    /// horizon, for a late copy of a forgotten event is remembered anew, and no event that counts may be within the horizon of that one;
    /// and where events are corrected another day, by which a correction may move them.
    /// </summary>
    public long? UsefulMillis { get; }

    /// <summary>For each view the index of the feed that it is of.</summary>
    internal ImmutableArray<int> FeedOfView { get; }

    /// <summary>
    /// For each feed its place by name: what state bytes call it, for a schema may order its fields in another way one day.
    /// </summary>
    internal ImmutableArray<int> FeedRanks { get; }

    /// <summary>Whether an entity remembers the ids of any feed's events.</summary>
    internal bool RemembersIds { get; }

    /// <summary>Reads every feature of every view, in order.</summary>
    public EntityReadPlan AllFeatures { get; }

    /// <summary>Changes with the meaning of a feed's ids in state bytes.</summary>
    internal static ulong FingerprintOf(EntityFeed feed) => feed.Duplicates is not { } duplicates ? 0 : XxHash3.HashToUInt64(
        Encoding.UTF8.GetBytes(
            FormattableString.Invariant($"{feed.Name} id {feed.Source.Fields[duplicates.IdField].Name} {duplicates.HorizonMillis}\n")));

    private static long? UsefulOf(EntityPlan plan) => plan.Views.Any(view => view.HasLifetime)
        ? null
        : plan.Views.Max(view => view.RetentionMillis + (view.HasCorrections ? ViewPlan.ReadBackMillis : 0))
            + (2 * plan.Feeds.Max(feed => feed.Duplicates?.HorizonMillis ?? 0));

    private static ulong FingerprintOf(EntityPlan plan)
    {
        IEnumerable<ulong> parts = plan.Views.Select(view => view.Fingerprint);
        parts = plan.RemembersIds ? parts.Concat(plan.Feeds.Select(FingerprintOf)) : parts;
        return XxHash3.HashToUInt64(MemoryMarshal.AsBytes(parts.ToArray().AsSpan()));
    }
}
