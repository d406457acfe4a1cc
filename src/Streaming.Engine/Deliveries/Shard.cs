using System.Collections.Concurrent;
using Streaming.Engine.Checkpoints;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.State;
using Streaming.Log;

namespace Streaming.Engine.Deliveries;

/// <summary>
/// One shard of an entity type in this process: what its keeper, its entities, and the sources that feed it share. Thread-safe.
/// </summary>
/// <param name="plan">The entity type.</param>
/// <param name="number">Its number, the partition of its keys among all shards of the type.</param>
/// <param name="directory">The entities of the type that have an actor.</param>
/// <param name="residency">What this node has in memory.</param>
internal sealed class Shard(EntityPlan plan, int number, EntityDirectory directory, Residency residency)
{
    private readonly ConcurrentQueue<EntityHandle> _dirty = new();
    private readonly ConcurrentQueue<EntityHandle> _arrived = new();
    private readonly TaskCompletionSource<ShardOpening> _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ShardOpening? _opening;
    private volatile ShardVouch? _vouch;
    private volatile bool _isWhole;
    private volatile EntityState _empty = new(plan);
    private long _since = long.MinValue;
    private long _departures;
    private long _losses;
    private readonly ConcurrentDictionary<byte[], IReadOnlyList<Delivery>> _left = new(Utf8KeyComparer.Instance);
    private long _rests;

    /// <summary>The entity type.</summary>
    public EntityPlan Plan { get; } = plan;

    /// <summary>Its number.</summary>
    public int Number { get; } = number;

    /// <summary>The shard as it was opened last; null while its keeper has not taken the slot.</summary>
    public ShardOpening? Opening => _opening;

    /// <summary>What the shard says now to the sources that feed it; null while it is not open.</summary>
    public ShardVouch? Vouch => _vouch;

    /// <summary>Counts the entities that stopped with events that no snapshot has.</summary>
    public long Losses => Volatile.Read(ref _losses);

    /// <summary>Entities with events that no snapshot has, those that a flush has begun to write not counted.</summary>
    public int DirtyEntities => _dirty.Count;

    /// <summary>Completes when the shard is open.</summary>
    public Task<ShardOpening> OpenedAsync() => _opened.Task;

    /// <summary>What this node has in memory.</summary>
    public Residency Residency => residency;

    /// <summary>
    /// Whether the slot may hold snapshots of entities that are not in memory; else an entity that is not there has had no events. Look
    /// here last, after the places in memory: what leaves memory says so before it does.
    /// </summary>
    public bool HasAbsent => !_isWhole;

    /// <summary>
    /// The event time that the shard remembers entities since: one whose state can matter no more at it may be forgotten, in memory and in
    /// the slot. The smallest number while none is.
    /// </summary>
    public long SinceMillis => Volatile.Read(ref _since);

    /// <summary>
    /// The state of every entity of the shard that has had no events, or was forgotten. It is never written to, so all threads may read it.
    /// </summary>
    public EntityState Empty => _empty;

    /// <summary>Counts the entities that have left memory.</summary>
    public long Departures => Volatile.Read(ref _departures);

    /// <summary>
    /// Counts the entities that began to rest. Who found an entity neither with an actor nor as a snapshot looks again where this has
    /// changed since: it may have gone from the place that was looked at last to the one that was looked at first.
    /// </summary>
    public long Rests => Volatile.Read(ref _rests);

    /// <summary>What its flushes have done.</summary>
    public ShardCheckpoint Checkpoint { get; } = new();

    /// <summary>The entities that are in memory without an actor.</summary>
    public ColdEntities Cold { get; } = new();

    /// <summary>
    /// What memory has of an entity without an actor: its snapshot, or none where it has had no events. False where only the slot can say,
    /// which is asked then. That the slot may have more is looked at on both sides of the look into memory: what leaves says so before it
    /// does, and what is loaded is there before the shard says that it has all.
    /// </summary>
    public bool TryFind(ReadOnlySpan<byte> key, out ReadOnlyMemory<byte>? snapshot)
    {
        var hadAbsent = HasAbsent;
        var isCold = Cold.TryGet(key, out var found);
        snapshot = isCold ? found : default(ReadOnlyMemory<byte>?);
        return isCold || !(hadAbsent || HasAbsent);
    }

    /// <summary>An entity stops that was sent more since it left memory: the next one of its key begins with that.</summary>
    public void HandOver(byte[] key, IReadOnlyList<Delivery> deliveries) => _left[key] = deliveries;

    /// <summary>What the one before handed over.</summary>
    public IReadOnlyList<Delivery> TakeOver(byte[] key) => _left.TryRemove(key, out var deliveries) ? deliveries : [];

    /// <summary>The keeper has taken the slot.</summary>
    public void Open(ShardOpening opening)
    {
        (_vouch, _opening) = (ShardVouch.Open(opening.Slot.Token, opening.Durable), opening);
        _opened.TrySetResult(opening);
    }

    /// <summary>
    /// A snapshot cannot be read, so the slot does not hold what it vouches for: from now on the shard admits no run that has begun, its
    /// sources read from the log's beginning, and no flush that has begun may vouch for more. Once for an opening.
    /// </summary>
    public void Distrust(ShardOpening opening, string entity, IEntityLossListener losses)
    {
        lock (_dirty)
        {
            if (_opening != opening)
            {
                return;
            }

            (_vouch, _opening) = (_vouch!.Distrust(), new ShardOpening(opening.Slot, opening.Keeper, Marks.None));
        }

        Interlocked.Increment(ref _losses);
        losses.Distrust(Plan, entity);
    }

    /// <summary>The slot vouches for more, unless it was found meanwhile not to hold what it vouched for.</summary>
    public void Advance(ShardOpening? opening, Marks durable)
    {
        lock (_dirty)
        {
            if (_opening == opening)
            {
                _vouch = _vouch!.Advance(durable);
            }
        }
    }

    /// <summary>The state that an entity begins with.</summary>
    public EntityState NewState() => new(Plan, SinceMillis);

    /// <summary>From now on entities may be forgotten whose state can matter no more at a time; the slot's manifest says it.</summary>
    public void RememberSince(long sinceMillis)
    {
        if (sinceMillis > SinceMillis)
        {
            Volatile.Write(ref _since, sinceMillis);
            _empty = NewState();
        }
    }

    /// <summary>An entity can matter no more: it goes from memory, unless it has an actor. For the keeper.</summary>
    /// <returns>Whether it may go from the slot, too.</returns>
    public bool TryForget(byte[] key)
    {
        if (directory.TryGet(key, out _))
        {
            return false;
        }

        RemoveCold(key);
        return true;
    }

    /// <summary>An entity has applied its first event since its last snapshot. Before the event is confirmed.</summary>
    public void AddDirty(EntityHandle entity) => _dirty.Enqueue(entity);

    /// <summary>Takes the next entity to write.</summary>
    public bool TryTakeDirty(out EntityHandle? entity) => _dirty.TryDequeue(out entity);

    /// <summary>An entity has come to memory, with an actor.</summary>
    public void Arrive(EntityHandle entity)
    {
        residency.Add(1);
        _arrived.Enqueue(entity);
    }

    /// <summary>Takes the next entity that has come to memory. For the keeper.</summary>
    public bool TryTakeArrived(out EntityHandle? entity) => _arrived.TryDequeue(out entity);

    /// <summary>A snapshot of the slot has come to memory, unless its entity was faster. For the keeper.</summary>
    public void AddCold(byte[] key, ReadOnlyMemory<byte> snapshot)
    {
        if (!directory.TryGet(key, out _) && Cold.Add(key, snapshot))
        {
            residency.Add(1);
        }
    }

    /// <summary>
    /// An entity rests: from now on it is in memory as its snapshot alone, which is that of the slot. The snapshot is there before the
    /// handle goes.
    /// </summary>
    public void Rest(EntityHandle entity, byte[] snapshot)
    {
        Interlocked.Increment(ref _rests);
        if (Cold.Add(entity.Key, snapshot))
        {
            residency.Add(1);
        }

        directory.Remove(entity);
        residency.Add(-1);
    }

    /// <summary>The snapshot of an entity is of no use any more: it has an actor, or leaves memory.</summary>
    /// <returns>Whether there was one.</returns>
    public bool RemoveCold(byte[] key)
    {
        var removed = Cold.Remove(key);
        if (removed)
        {
            residency.Add(-1);
        }

        return removed;
    }

    /// <summary>An entity leaves memory: the slot may hold its snapshot. Before it leaves the directory.</summary>
    public void Depart()
    {
        lock (_dirty)
        {
            _departures++;
            _isWhole = false;
        }
    }

    /// <summary>All snapshots of the slot are in memory, unless an entity has left since.</summary>
    /// <param name="departures">The departures before the snapshots were read.</param>
    public void SetWhole(long departures)
    {
        lock (_dirty)
        {
            _isWhole = _departures == departures;
        }
    }

    /// <summary>
    /// An entity stops with events that no snapshot has: a flush that has begun may not vouch for them, and what runs have confirmed before
    /// says nothing of them.
    /// </summary>
    public void Lose(EntityState state)
    {
        var partitions = state.AppliedOffsets().Select(static applied => new TopicPartition(applied.Feed.Source.Name, applied.Partition));
        lock (_dirty)
        {
            _vouch = _vouch!.Lose(partitions.Distinct());
        }

        Interlocked.Increment(ref _losses);
    }

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Plan.Name}/{Number}");
}
