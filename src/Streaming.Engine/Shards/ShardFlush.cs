using System.Text;
using Akka.Actor;
using Streaming.Engine.Checkpoints;
using Streaming.Engine.Deliveries;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Engine.Shards;

/// <summary>
/// The flush of a shard, one at a time: the progress is noted, then every entity that has changed is asked for its state, and the
/// states are written in batches, one after the other. Entities asked and a batch are bounded. Used by the keeper.
/// </summary>
internal sealed class ShardFlush(Shard shard, IActorRef keeper, CancellationToken life)
{
    private const int AskedMax = 512;
    private const int BatchEntities = 2_048;
    private const int BatchBytes = 1 << 20;

    private readonly Queue<EntityHandle> _waiting = new();
    private readonly HashSet<EntityHandle> _asked = [];
    private readonly HashSet<EntityHandle> _unwritten = [];
    private readonly List<EntityHandle> _inBatches = [];
    private List<ShardProtocol.Snapshot> _batch = [];
    private IReadOnlyList<RunProgress> _progress = [];
    private int _number;
    private int _batchBytes;
    private bool _isWriting;
    private bool _isHeld;

    /// <summary>Whether a flush has begun and not ended, its manifest included.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>Whether the store was given a state since the flush began.</summary>
    public bool HasAsked { get; private set; }

    /// <summary>The shard as it was open when the flush began.</summary>
    public ShardOpening? Opening { get; private set; }

    /// <summary>Whether all states are written: what is left is <see cref="End"/>.</summary>
    public bool IsWritten => IsRunning && !_isHeld && _waiting.Count == 0 && _asked.Count == 0 && _batch.Count == 0 && !_isWriting;

    /// <summary>
    /// Begins a flush. The order matters. The progress is noted before the entities: a confirmed event has made its entity dirty, so the
    /// entity is among those that are taken next.
    /// </summary>
    public void Begin(Func<IReadOnlyList<RunProgress>> progress)
    {
        _number++;
        (IsRunning, HasAsked, Opening) = (true, false, shard.Opening);
        _progress = progress();
        foreach (var entity in _unwritten)
        {
            _waiting.Enqueue(entity);
        }

        for (var left = shard.DirtyEntities; left > 0 && shard.TryTakeDirty(out var entity); left--)
        {
            if (_unwritten.Add(entity!))
            {
                _waiting.Enqueue(entity!);
            }
        }
    }

    /// <summary>Asks entities for their states.</summary>
    public void Ask()
    {
        while (_asked.Count < AskedMax && _waiting.TryDequeue(out var entity))
        {
            // One that has stopped has written its state before, or is among the losses.
            if (entity.IsAlive)
            {
                _asked.Add(entity);
                entity.Actor.Tell(new ShardProtocol.TakeSnapshot(keeper, _number));
            }
            else
            {
                _unwritten.Remove(entity);
            }
        }
    }

    /// <summary>Adds a state. One that an earlier flush asked for is not written: its entity is asked again.</summary>
    public void Add(ShardProtocol.Snapshot snapshot)
    {
        if (snapshot.Flush == _number && _asked.Remove(snapshot.Entity))
        {
            _batch.Add(snapshot);
            _batchBytes += snapshot.Bytes.Count;
            _unwritten.Remove(snapshot.Entity);
            _inBatches.Add(snapshot.Entity);
        }
    }

    /// <summary>Entities that stopped before they answered are waited for no longer.</summary>
    public void DropStopped()
    {
        _unwritten.ExceptWith(_asked.Where(entity => !entity.IsAlive));
        _asked.RemoveWhere(entity => !entity.IsAlive);
    }

    /// <summary>Writes a batch that is full, or the last one.</summary>
    public void Write(IShardSlot slot)
    {
        var isLast = _waiting.Count == 0 && _asked.Count == 0;
        if (_isWriting || _batch.Count == 0 || (!isLast && _batch.Count < BatchEntities && _batchBytes < BatchBytes))
        {
            return;
        }

        var (batch, number) = (_batch, _number);
        (_batch, _batchBytes) = ([], 0);
        (_isWriting, HasAsked) = (true, true);
        var entries = batch.Select(static one => new SlotEntry(Encoding.UTF8.GetString(one.Entity.Key), one.Bytes)).ToArray();
        slot.WriteAsync(entries, life).PipeTo(
            keeper,
            success: () => new ShardProtocol.BatchWritten(number, batch),
            failure: cause => new ShardProtocol.Failed(cause));
    }

    /// <summary>A batch is written.</summary>
    public void Written(ShardProtocol.BatchWritten written)
    {
        foreach (var snapshot in written.Snapshots)
        {
            snapshot.Entity.Written(written.Flush);
            SnapshotBuffers.Return(snapshot.Bytes);
        }

        if (written.Flush == _number && IsRunning)
        {
            _isWriting = false;
        }
    }

    /// <summary>
    /// Ends the flush. The result is what its manifest may vouch for: of the partitions that have lost nothing since their runs began.
    /// </summary>
    public Marks End()
    {
        IsRunning = false;
        _inBatches.Clear();
        return Admission.Accepted(shard.Vouch!, shard.Plan.Name, shard.Number, _progress);
    }

    /// <summary>The manifest is being written: no other flush begins.</summary>
    public void Hold() => (IsRunning, _isHeld) = (true, true);

    /// <summary>The manifest is written; false where the flush was given up meanwhile.</summary>
    public bool TryRelease()
    {
        var held = _isHeld;
        (IsRunning, _isHeld) = (IsRunning && !held, false);
        return held;
    }

    /// <summary>Asks whether the store answers, where there is nothing to write.</summary>
    public static void Check(IShardSlot slot, IActorRef turns, CancellationToken life) => slot.CheckAsync(life).PipeTo(
        turns,
        success: static _ => FlushTurns.Available.Instance,
        failure: static cause => new FlushTurns.Unavailable(cause.Message));

    /// <summary>Gives the flush up: whatever it may not have written is asked for by the next one.</summary>
    public void Abort()
    {
        _unwritten.UnionWith(_inBatches);
        _inBatches.Clear();
        _waiting.Clear();
        _asked.Clear();
        _batch = [];
        (_batchBytes, _isWriting) = (0, false);
        (IsRunning, _isHeld) = (false, false);
    }
}
