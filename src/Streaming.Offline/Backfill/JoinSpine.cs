using Streaming.Features.Events;
using Streaming.Features.Plans;

namespace Streaming.Offline.Backfill;

/// <summary>The events that features are wanted for.</summary>
/// <param name="Source">What they are.</param>
/// <param name="TimeField">The field of their event time.</param>
public sealed record JoinSpine(EventSource Source, int TimeField)
{
    /// <summary>The field by which a row names its entity of a type: the key of the type's views, by name.</summary>
    /// <exception cref="BackfillException">There is none, or more than one.</exception>
    public int KeyOf(EntityPlan entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        var names = entity.Feeds.Select(feed => feed.Source.Fields[feed.KeyField].Name).Distinct().ToArray();
        var fields = names.Select(Source.IndexOf).Where(field => field >= 0 && Source.Fields[field].Type == FieldType.Text).ToArray();
        return fields.Length == 1 ? fields[0] : throw new BackfillException(
            $"a row of {Source.Name} must name one {entity.Name}, by {string.Join(" or ", names)}; it has " +
            $"{(fields.Length == 0 ? "no such field" : "all of these")}");
    }

    /// <summary>Whether they are what a feed delivers.</summary>
    internal bool Feed(EntityFeed feed) => feed.Source == Source && feed.TimeField == TimeField;
}
