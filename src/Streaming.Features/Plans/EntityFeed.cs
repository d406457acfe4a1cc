using System.Collections.Immutable;
using Streaming.Features.Events;

namespace Streaming.Features.Plans;

/// <summary>
/// Events of one source that reach one entity type by one key field and one event time. The unit of "applied up to": an entity keeps an
/// applied offset per feed and partition.
/// </summary>
/// <param name="Entity">The entity type's plan.</param>
/// <param name="Index">Its index in <see cref="EntityPlan.Feeds"/>.</param>
/// <param name="Source">The event source.</param>
/// <param name="KeyField">The source's field that names the entity.</param>
/// <param name="TimeField">The source's field that is the event time.</param>
/// <param name="Views">Indices of the views that it feeds.</param>
public sealed record EntityFeed(EntityPlan Entity, int Index, EventSource Source, int KeyField, int TimeField, ImmutableArray<int> Views)
{
    /// <summary>Its stable name in state bytes and messages: <c>source.key@time</c>.</summary>
    public string Name { get; } = $"{Source.Name}.{Source.Fields[KeyField].Name}@{Source.Fields[TimeField].Name}";

    /// <summary>How events that come twice are told; null where every event counts.</summary>
    public DuplicateRule? Duplicates { get; init; }

    /// <summary>The source's fields that tell its events apart: by which they come twice, or correct one another.</summary>
    public IEnumerable<int> IdFields => Views.Select(view => Entity.Views[view].CorrectsField)
        .Append(Duplicates?.IdField ?? -1)
        .Where(id => id >= 0)
        .Distinct();

    /// <summary>Calls <paramref name="visit"/> with every field of the source that the entity needs of an event, without its key.</summary>
    public void VisitInputs(Action<int> visit)
    {
        foreach (var view in Views)
        {
            Entity.Views[view].VisitInputs(visit);
        }

        if (Duplicates is { } duplicates)
        {
            visit(duplicates.IdField);
        }
    }
}
