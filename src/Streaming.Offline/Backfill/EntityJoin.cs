// Hot: reads and applies every row.
using System.Runtime.InteropServices;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.Serving;
using Streaming.Features.State;

namespace Streaming.Offline.Backfill;

/// <summary>
/// One entity type's part of a point-in-time join: the states of all its entities, and the reads of a service that it answers. An
/// entity's rows are worked off together, so its state is in the cache for all of them.
/// </summary>
internal sealed class EntityJoin(ServicePlan service, ServiceRead read, EventSource spine)
{
    private readonly EntityKeys _keys = new();
    private readonly EntityRows _spineRows = new();
    private readonly List<EntityState> _states = [];
    private readonly int[] _slots = [.. read.Plan.Views.SelectMany(v => v.Slots).Order()];

    /// <summary>The entity type.</summary>
    public EntityPlan Entity => read.Plan.Entity;

    /// <summary>The feed of the spine's own events; null where the spine is only asked about.</summary>
    public EntityFeed? SpineFeed { get; } = read.Plan.Entity.Feeds.FirstOrDefault(f => f.Source == spine);

    /// <summary>The field of the spine that names the entity.</summary>
    public int SpineKeyField { get; } = read.Plan.Entity.Feeds.FirstOrDefault(f => f.Source == spine)?.KeyField ?? read.KeyField;

    /// <summary>Groups a chunk's rows by entity. Before its rows are processed, on one thread.</summary>
    public void Group(SpineChunk chunk)
    {
        _spineRows.Group(chunk.Keys[SpineKeyField]!, _keys, chunk.Count, chunk.Order);
        while (_states.Count < _keys.Count)
        {
            _states.Add(new EntityState(Entity));
        }
    }

    /// <summary>Reads and applies the rows of every n-th entity; threads take different remainders.</summary>
    public void Process(SpineChunk chunk, double[][] output, int remainder, int threads)
    {
        var values = new FeatureValue[service.Reads.Length];
        var states = CollectionsMarshal.AsSpan(_states);
        for (var entity = remainder; entity < states.Length; entity += threads)
        {
            Process(states[entity], chunk, _spineRows.Of(entity), values, output);
        }

        if (remainder == 0)
        {
            Process(new EntityState(Entity), chunk, _spineRows.OfNobody, values, output);
        }
    }

    private void Process(EntityState state, SpineChunk chunk, ReadOnlySpan<int> rows, FeatureValue[] values, double[][] output)
    {
        foreach (var row in rows)
        {
            ReadRow(state, chunk, row, values, output);
        }
    }

    private void ReadRow(EntityState state, SpineChunk chunk, int row, FeatureValue[] values, double[][] output)
    {
        var outcome = SpineFeed is null
            ? state.ReadAlone(read.Plan, chunk.Times[row], chunk.Batch, row, values)
            : state.ReadThenApply(read.Plan, SpineFeed, chunk.Batch, row, values);
        if (outcome != ReadOutcome.Done)
        {
            throw Unread(chunk.Times[row], outcome);
        }

        foreach (var slot in _slots)
        {
            output[slot][row] = service.ValueOrDefault(slot, values[slot]);
        }
    }

    private InvalidOperationException Unread(long at, ReadOutcome outcome) => new(
        $"the {Entity.Name} of the row at {new EventTime(at)} cannot be read ({outcome}): events that it has seen are more than a day newer than the row. "
        + "Rows must be in the order of their event times, and other events must not arrive before they happen.");
}
