// Hot: one message per entity and read of a partition.
using Akka.Actor;
using Akka.Cluster.Sharding;
using Streaming.Engine.Checkpoints;
using Streaming.Engine.Deliveries;
using Streaming.Engine.Shards;
using Streaming.Features.State;
using Streaming.Log;

namespace Streaming.Engine.Entities;

/// <summary>
/// The owner of one entity's state. It comes from its snapshot, where the shard's slot may have one; then it applies deliveries in
/// order, refuses those that could miss something, answers reads that could not be answered from outside, and writes its state for
/// the shard's keeper. It leaves memory when the keeper says so and its last state is in the slot; what reaches it until it stops is for
/// the next one of its key. A crash loses what no snapshot has; the sources deliver it again.
/// </summary>
internal sealed class EntityActor(EntityType type, IEntityLossListener losses) : UntypedActor
{
    private readonly byte[] _key = EntityId.KeyOf(Context.Self);
    private readonly Shard _shard = type.ShardOf(EntityId.KeyOf(Context.Self));
    private EntityRecovery? _recovery;
    private EntityHandle? _handle;
    private List<Delivery>? _left;
    private DeliveryRun? _admitted;
    private bool _isDirty;
    private bool _isLeaving;

    private string EntityName => $"{type.Plan.Name}/{Mask.Key(_key)}";

    /// <summary>Of every entity of a type: each knows its key by its name.</summary>
    public static Props Props(EntityType type, IEntityLossListener losses) =>
        Akka.Actor.Props.CreateBy(new EntityProducer(type, losses)).WithMailbox("akka.actor.entity-mailbox");

    protected override void PreStart()
    {
        var left = _shard.TakeOver(_key);
        if (left.Count == 0 && _shard.Opening is { } opening && _shard.TryFind(_key, out var snapshot))
        {
            Recover(opening, snapshot);
        }
        else
        {
            _recovery = new EntityRecovery(_shard, _key, Self, left);
        }
    }

    protected override void PostStop()
    {
        if (_handle is not null && !_isLeaving && !losses.IsStopping)
        {
            Stopped(_handle);
        }

        _handle?.Release();
        if (_left is not null && !losses.IsStopping)
        {
            // The shard keeps what has come for the next one, behind these: so they do not go through it, only what makes the next one.
            _shard.HandOver(_key, _left);
            Context.Parent.Tell(new ShardProtocol.Recall(_key));
        }
    }

    private void Stopped(EntityHandle handle)
    {
        if (!_isDirty && handle.IsWritten)
        {
            Depart(handle);
            return;
        }

        // A direct call, and first: a reader that no longer finds the entity must already find its partitions catching up.
        losses.BeforeLoss(handle.State);
        _shard.Lose(handle.State);
        Depart(handle);
        losses.AfterLoss(handle.State, EntityName);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case not null when _recovery is not null:
                OnRecovering(_recovery, message);
                break;
            case Delivery when losses.IsStopping:
                break;
            case Delivery delivery when _isLeaving:
                (_left ??= []).Add(delivery);
                break;
            case Delivery delivery:
                Apply(delivery);
                break;
            case IEntityQuery query:
                Answer(query);
                break;
            case ShardProtocol.TakeSnapshot take:
                TakeSnapshot(take);
                break;
            case ShardProtocol.Leave:
                TryGo(int.MaxValue, rests: false);
                break;
            case ShardProtocol.Rest rest:
                TryGo(rest.UpTo, rests: true);
                break;
            case ShardProtocol.Left:
                Context.Stop(Self);
                break;
            case ShardProtocol.Recall:
                _handle!.Use(_shard.Residency.Now);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Answer(IEntityQuery query)
    {
        if (query is EntityQuery)
        {
            _handle!.Use(_shard.Residency.Now);
        }

        query.Answer(_handle!.State);
    }

    /// <summary>Whether the event caused the failure and would fail again; otherwise the process did, and only the state is lost.</summary>
    internal static bool IsCausedByEvent(Exception cause) => cause is not OutOfMemoryException;

    private void OnRecovering(EntityRecovery recovery, object message)
    {
        switch (message)
        {
            case EntityRecovery.Loaded loaded:
                EndRecovery(recovery, loaded);
                break;
            case EntityRecovery.Retry:
                recovery.Load();
                break;
            case EntityRecovery.Failed failed:
                recovery.RetryLater(failed.Cause, Context.System.Scheduler);
                break;
            default:
                recovery.Stash(message);
                break;
        }
    }

    private void Recover(ShardOpening opening, ReadOnlyMemory<byte>? snapshot)
    {
        var (state, fault) = snapshot is { } bytes
            ? StateBytes.Read(type.Plan, bytes.Span)
            : (_shard.NewState(), StateFault.None);
        if (state is null)
        {
            _shard.Distrust(opening, EntityName, losses);
            opening.Keeper.Tell(new ShardProtocol.SnapshotDamaged(opening, EntityName, fault));
        }

        Begin(state ?? _shard.NewState());
    }

    private void EndRecovery(EntityRecovery recovery, EntityRecovery.Loaded loaded)
    {
        _recovery = null;
        Recover(loaded.Opening, loaded.Bytes);
        if (loaded.Bytes is not null && !_isDirty && _shard.Losses > 0)
        {
            // An older state of it may still be on its way to the slot: this one is written after it.
            _isDirty = true;
            _shard.AddDirty(_handle!);
        }

        while (recovery.TryTake(out var message))
        {
            try
            {
                OnReceive(message);
            }
            catch
            {
                // Supervision restarts the entity: what still waits goes behind what has arrived since, which is a gap at worst.
                recovery.GiveBack();
                throw;
            }
        }
    }

    private void TakeSnapshot(ShardProtocol.TakeSnapshot take)
    {
        var snapshot = new ShardProtocol.Snapshot(_handle!, take.Flush, SnapshotBuffers.Take(_handle!.State));
        (_handle.TakenFlush, _isDirty) = (take.Flush, false);
        take.Keeper.Tell(snapshot);
    }

    private void Begin(EntityState state)
    {
        _handle = new EntityHandle(_key, Self, state);
        _handle.Use(_shard.Residency.Now);
        type.Directory.Add(_handle);
        _shard.Arrive(_handle);
        _shard.RemoveCold(_key);
    }

    // What is not in the slot stays: it is to be written first.
    private void TryGo(int upTo, bool rests)
    {
        if (_isLeaving || _isDirty || !_handle!.IsWritten || _handle.LastUsed > upTo)
        {
            return;
        }

        _isLeaving = true;
        if (rests)
        {
            _shard.Rest(_handle, StateBytes.ToArray(_handle.State));
        }
        else
        {
            Depart(_handle);
            _shard.Residency.CountLeft(1);
        }

        Context.Parent.Tell(new Passivate(ShardProtocol.Left.Instance));
    }

    private void Depart(EntityHandle handle)
    {
        _shard.Depart();
        _shard.RemoveCold(_key);
        type.Directory.Remove(handle);
        _shard.Residency.Add(-1);
    }

    private void Apply(Delivery delivery)
    {
        var (run, state) = (delivery.Run, _handle!.State);
        if (run != _admitted && !TryAdmit(delivery))
        {
            run.Source.Tell(new RunNotAdmitted(run.Id, EntityName));
            return;
        }

        var applied = state.AppliedOffset(delivery.Feed, delivery.Batch.Partition);
        if (applied < delivery.PreviousOffset)
        {
            run.Source.Tell(new DeliveryGap(run.Id, EntityName, applied, delivery.PreviousOffset));
            return;
        }

        try
        {
            ApplyRows(delivery, state);
        }
        catch (Exception cause) when (IsCausedByEvent(cause))
        {
            // The state may hold half of the event: supervision discards it, and the source sends everything again but this event.
            _isDirty = true;
            run.Source.Tell(
                new DeliveryFailed(EntityName, delivery.Feed, state.ApplyingOffset, $"{cause.GetType().Name}: {cause.Message}"));
            throw;
        }
        catch
        {
            // The event is good: the source delivers it again to the restarted entity.
            _isDirty = true;
            run.Source.Tell(new EntityLost(EntityName));
            throw;
        }
    }

    // Dirty first, then confirmed: a flush that begins between the two takes the entity along.
    private void ApplyRows(Delivery delivery, EntityState state)
    {
        _handle!.Use(_shard.Residency.Now);
        var (late, duplicates) = (state.LateEvents, state.DuplicateEvents);
        if (state.Apply(delivery.Feed, delivery.Batch, delivery.Rows) > 0 && !_isDirty)
        {
            _isDirty = true;
            _shard.AddDirty(_handle!);
        }

        delivery.Read.Confirm(delivery.Number, state.LateEvents - late, state.DuplicateEvents - duplicates);
    }

    private bool TryAdmit(Delivery delivery)
    {
        var partition = new TopicPartition(delivery.Feed.Source.Name, delivery.Batch.Partition);
        if (!Admission.Admits(_shard.Vouch!, partition, delivery.Run.Basis[type.Plan.Name, _shard.Number]))
        {
            return false;
        }

        _admitted = delivery.Run;
        return true;
    }
}
