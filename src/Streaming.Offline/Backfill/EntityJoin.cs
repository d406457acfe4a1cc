// Hot: reads and applies every row.
using System.Runtime.InteropServices;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.State;

namespace Streaming.Offline.Backfill;

/// <summary>
/// One entity type's part of a point-in-time join: the states of all its entities, and the reads of a service that it answers. An
/// entity's rows are worked off together, so its state is in the cache for all of them.
/// </summary>
internal sealed class EntityJoin
{
    private readonly ServicePlan _service;
    private readonly ServiceRead _read;
    private readonly EntityKeys _keys = new();
    private readonly EntityRows _spineRows = new();
    private readonly List<EntityState> _states = [];
    private readonly EntityFeed? _spineFeed;
    private readonly FeedEvents[] _joined;
    private readonly int _spineKeyField;
    private readonly int[] _slots;
    private double[] _rows = [];

    /// <param name="service">The service.</param>
    /// <param name="read">What it reads of the entity type.</param>
    /// <param name="spine">The rows.</param>
    /// <param name="streams">The events that are joined to them.</param>
    /// <exception cref="BackfillException">A row of the spine names no entity of the type, or several.</exception>
    public EntityJoin(ServicePlan service, ServiceRead read, JoinSpine spine, IReadOnlyList<EventStream> streams)
    {
        (_service, _read) = (service, read);
        _spineKeyField = spine.KeyOf(Entity);
        _slots = [.. read.Plan.Slots];
        _joined =
        [
            .. Entity.Feeds.SelectMany(
                feed => streams.Where(stream => stream.Events.Feed(feed)).Select(stream => new FeedEvents(feed, stream))),
        ];
        _spineFeed = Entity.Feeds.FirstOrDefault(spine.Feed);
    }

    private EntityPlan Entity => _read.Plan.Entity;

    /// <summary>
    /// Groups a chunk's rows, and the events that come before its end, by entity. Before its rows are processed, on one thread.
    /// </summary>
    /// <param name="chunk">Rows of the spine.</param>
    /// <param name="events">What was joined, by stream.</param>
    public void Group(EventChunk chunk, IReadOnlyDictionary<EventStream, IReadOnlyList<EventSlice>> events)
    {
        _spineRows.Group(chunk.Keys[_spineKeyField]!, _keys, chunk.Count, chunk.Order);
        foreach (var joined in _joined)
        {
            joined.Group(events[joined.Stream], _keys);
        }

        while (_states.Count < _keys.Count)
        {
            _states.Add(new EntityState(Entity));
        }

        if (_rows.Length < chunk.Count * _slots.Length)
        {
            _rows = new double[chunk.Count * _slots.Length];
        }
    }

    /// <summary>Reads and applies the rows of one part of the entities; threads take different parts.</summary>
    public void Process(EventChunk chunk, int part, int parts)
    {
        var values = new FeatureValue[_service.Reads.Length];
        var states = CollectionsMarshal.AsSpan(_states);
        for (var entity = part; entity < states.Length; entity += parts)
        {
            Process(states[entity], entity, chunk, values);
        }

        if (part == 0)
        {
            // As in a score that does not name the entity, all of its features are absent.
            Array.Clear(values);
            foreach (var row in _spineRows.Keyless)
            {
                Keep(row, values);
            }
        }
    }

    /// <summary>Puts what all parts have read into columns, by slot.</summary>
    public void Spread(int rows, double[][] columns)
    {
        for (var i = 0; i < _slots.Length; i++)
        {
            var column = columns[_slots[i]];
            for (var row = 0; row < rows; row++)
            {
                column[row] = _rows[(row * _slots.Length) + i];
            }
        }
    }

    /// <summary>
    /// Goes through an entity's rows and the events of its other feeds together. An event at the time of a row is in the row's features,
    /// as one at the time of a read is; between feeds of one time the order does not matter, for each has views of its own.
    /// </summary>
    private void Process(EntityState state, int entity, EventChunk chunk, FeatureValue[] values)
    {
        Span<int> next = stackalloc int[_joined.Length];
        next.Clear();
        foreach (var row in _spineRows.Of(entity))
        {
            ApplyUntil(state, entity, next, chunk.Times[row]);
            ReadRow(state, chunk, row, values);
        }

        ApplyUntil(state, entity, next, long.MaxValue);
    }

    private void ApplyUntil(EntityState state, int entity, Span<int> next, long millis)
    {
        for (var i = 0; i < next.Length; i++)
        {
            next[i] = _joined[i].Apply(state, entity, next[i], millis);
        }
    }

    private void ReadRow(EntityState state, EventChunk chunk, int row, FeatureValue[] values)
    {
        var outcome = _spineFeed is null
            ? state.ReadAlone(_read.Plan, chunk.Times[row], chunk.Batch, row, values)
            : state.ReadThenApply(_read.Plan, _spineFeed, chunk.Batch, row, values);
        if (outcome != ReadOutcome.Done)
        {
            throw Unread(chunk.Times[row], outcome);
        }

        Keep(row, values);
    }

    private void Keep(int row, FeatureValue[] values)
    {
        var into = _rows.AsSpan(row * _slots.Length, _slots.Length);
        for (var i = 0; i < into.Length; i++)
        {
            into[i] = _service.ValueOrDefault(_slots[i], values[_slots[i]]);
        }
    }

    private InvalidOperationException Unread(long at, ReadOutcome outcome) => new(
        $"the {Entity.Name} of the row at {new EventTime(at)} cannot be read ({outcome}): events that it has seen are more than a day " +
        "newer than the row. "
        + "Rows must be in the order of their event times, and other events must not arrive before they happen.");
}
