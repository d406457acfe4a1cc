// Hot: once per joined event.
using Streaming.Features.Plans;
using Streaming.Features.State;

namespace Streaming.Offline.Backfill;

/// <summary>
/// What one feed delivers to one entity type while the spine goes through a chunk: the events by entity, each entity's in their order.
/// </summary>
internal sealed class FeedEvents(EntityFeed feed, EventStream stream)
{
    private readonly EntityRows _places = new();
    private (EventChunk Chunk, int Row)[] _events = [];
    private (EventChunk Chunk, int Row, long Time)[] _byEntity = [];

    /// <summary>Where they come from.</summary>
    public EventStream Stream => stream;

    /// <summary>Groups the events of some slices by entity.</summary>
    public void Group(IReadOnlyList<EventSlice> slices, EntityKeys keys)
    {
        var count = slices.Sum(slice => slice.Until - slice.First);
        if (_events.Length < count)
        {
            _events = new (EventChunk, int)[count];
            _byEntity = new (EventChunk, int, long)[count];
        }

        var numbers = _places.NumbersFor(count);
        var next = 0;
        foreach (var (chunk, first, until) in slices)
        {
            var key = chunk.Keys[feed.KeyField]!;
            for (var place = first; place < until; place++, next++)
            {
                var row = chunk.RowAt(place);
                _events[next] = (chunk, row);
                numbers[next] = key.NumberOf(keys, row);
            }
        }

        _places.Group(keys.Count, count, default);
        Gather();
    }

    /// <summary>Applies an entity's events from the <paramref name="next"/>-th on up to a time, inclusive.</summary>
    /// <returns>The next to apply.</returns>
    public int Apply(EntityState state, int entity, int next, long untilMillis)
    {
        var events = _byEntity.AsSpan(_places.RangeOf(entity));
        for (; next < events.Length; next++)
        {
            var (chunk, row, time) = events[next];
            if (time > untilMillis)
            {
                break;
            }

            state.Apply(feed, chunk.Batch, row);
        }

        return next;
    }

    // Beforehand, for here the processor fetches many at once; an entity that applies its events would wait for each.
    private void Gather()
    {
        var places = _places.All;
        for (var i = 0; i < places.Length; i++)
        {
            var (chunk, row) = _events[places[i]];
            _byEntity[i] = (chunk, row, chunk.Times[row]);
        }
    }
}
