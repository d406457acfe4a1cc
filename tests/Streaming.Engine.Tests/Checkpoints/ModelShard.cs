using Streaming.Engine.Checkpoints;
using Streaming.Log;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Engine.Tests.Checkpoints;

/// <summary>A shard that a node has opened, with its keeper: the flush goes on a step at a time.</summary>
internal sealed class ModelShard(ModelStore store, ModelTwin twin, int number)
{
    /// <summary>The entity type.</summary>
    public const string Type = "model";

    private readonly ModelEntity[] _entities = new ModelEntity[ModelLog.Entities];
    private readonly Queue<int> _waiting = new();
    private ModelSlot _taken = store.Take(number);
    private ShardManifest? _manifest;
    private (int Entity, ModelEntity Of, ModelState State)? _asked;
    private RunProgress[] _progress = [];
    private int _writes;
    private int _step;
    private bool _isDistrusted;

    /// <summary>What it says to the sources.</summary>
    public ShardVouch Vouch { get; private set; } = ShardVouch.Open(default, Marks.None);

    public Marks Durable => Vouch.Durable;

    /// <summary>Whether the slot is its own and has all that it wrote.</summary>
    public bool IsOwner => store.IsOwner(number, _taken.Taking, _writes);

    /// <summary>The entity whose state is on its way to the slot.</summary>
    public int? Asked => _asked?.Entity;

    public ModelEntity this[int entity] => _entities[entity];

    public ModelShard Open()
    {
        (_writes, _manifest, _isDistrusted) = (0, _taken.Manifest, false);
        // The model's own tokens: those of the store are what some twins are about.
        Vouch = ShardVouch.Open(new SlotToken(0, new Guid(_taken.Taking, 0, 0, new byte[8])), _manifest?.Durable ?? Marks.None);
        for (var entity = number; entity < ModelLog.Entities; entity += ModelLog.Shards)
        {
            // Snapshots that no manifest vouches for are left alone.
            var snapshot = _taken.Manifest is null ? default : _taken.Snapshots.GetValueOrDefault(entity);
            _entities[entity] = new(snapshot == ModelState.Damaged ? Distrust() : snapshot);
        }

        return this;
    }

    public void Reopen()
    {
        _taken = store.Take(number);
        Abort();
        Open();
    }

    public bool Admits(int partition, ModelRun run) =>
        twin == ModelTwin.NoAdmission
        || (twin == ModelTwin.AdmissionByStart ? IsCovered(ModelStore.Partition(partition), run.Start.Offset)
            : Admission.Admits(Vouch, ModelStore.Partition(partition), run.Basis[Type, number]));

    private bool IsCovered(TopicPartition partition, long offset) => offset <= (Durable[partition]?.Offset ?? 0);

    /// <summary>An entity stops; false where the slot is another's.</summary>
    public bool TryCrash(int entity)
    {
        var stopped = _entities[entity];
        if (!stopped.IsDirty && stopped.IsWritten)
        {
            _entities[entity] = new(stopped.State);
            return true;
        }

        Vouch = Vouch.Lose(Enumerable.Range(0, ModelLog.Partitions).Where(partition => stopped.State.End(partition) > 0)
            .Select(ModelStore.Partition));
        var snapshot = store[number].Snapshots.GetValueOrDefault(entity);
        if (snapshot == ModelState.Damaged)
        {
            snapshot = Distrust();
        }

        // A state that was taken before may yet be written over the snapshot: what was loaded is to be written again.
        _entities[entity] = new(snapshot) { IsDirty = twin != ModelTwin.ReloadedIsClean };
        return twin == ModelTwin.UncheckedLoad || store.Accepts(number, _taken.Token, _writes);
    }

    /// <summary>One step of a flush. False where the store has refused a write.</summary>
    public bool TryFlushStep(Func<RunProgress[]> progress)
    {
        switch (_step)
        {
            case 0 when _isDistrusted && twin != ModelTwin.DistrustNotWritten:
                _isDistrusted = false;
                return TryWrite(static slot => slot with { Manifest = null });
            case 0 or 1:
                Begin(takes: _step == (twin == ModelTwin.LateProgress ? 0 : 1), progress);
                _step++;
                return true;
            case 2 when twin == ModelTwin.ManifestFirst:
                _step++;
                return TryEnd();
            case 2 or 3 when _asked is not null || _waiting.Count > 0:
                return TryWriteNext();
            default:
                var writes = _step == 2;
                _step = 0;
                return !writes || TryEnd();
        }
    }

    // The slot vouches for nothing, and is to say so before any snapshot is written; the entity begins anew.
    private ModelState Distrust()
    {
        Abort();
        (_isDistrusted, Vouch) = (true, Vouch.Distrust());
        _manifest = _manifest is null ? null : _manifest with { Durable = Marks.None };
        return default;
    }

    private void Abort()
    {
        if (_asked is { } asked)
        {
            asked.Of.IsDirty = true;
        }

        _waiting.Clear();
        (_asked, _step) = (null, 0);
    }

    private void Begin(bool takes, Func<RunProgress[]> progress)
    {
        if (!takes)
        {
            _progress = progress();
            if (twin == ModelTwin.LossesIgnored)
            {
                _progress = [.. _progress.Where(run => Vouch.Stamp(run.Partition) == run.Basis[Type, number])];
            }

            return;
        }

        for (var entity = number; entity < ModelLog.Entities; entity += ModelLog.Shards)
        {
            if (_entities[entity].IsDirty)
            {
                _waiting.Enqueue(entity);
            }
        }
    }

    // The state is taken, then written: an entity may go on or stop between the two.
    private bool TryWriteNext()
    {
        if (_asked is not { } asked)
        {
            var entity = _waiting.Dequeue();
            _asked = (entity, _entities[entity], _entities[entity].State);
            (_entities[entity].IsDirty, _entities[entity].IsWritten) = (false, false);
            return true;
        }

        _asked = null;
        asked.Of.IsWritten = true;
        return TryWrite(slot => slot with { Snapshots = slot.Snapshots.SetItem(asked.Entity, asked.State) });
    }

    private bool TryEnd()
    {
        var accepted = IsTwin
            ? Marks.Of(_progress.Where(IsAccepted).Select(static run => KeyValuePair.Create(run.Partition, run.Confirmed)))
            : Admission.Accepted(Vouch, Type, number, _progress);
        if (Durable.Covers(accepted))
        {
            return true;
        }

        var manifest = ShardManifest.After(_manifest, accepted, long.MinValue);
        if (!TryWrite(slot => slot with { Manifest = manifest }))
        {
            return false;
        }

        (_manifest, Vouch) = (manifest, Vouch.Advance(manifest.Durable));
        return true;
    }

    private bool IsTwin =>
        twin is ModelTwin.LossesIgnored or ModelTwin.MarkWithoutRun or ModelTwin.OldRunsCount or ModelTwin.LossForgotten;

    // What the twins take for progress.
    private bool IsAccepted(RunProgress run)
    {
        var (mine, basis) = (Vouch.Stamp(run.Partition), run.Basis[Type, number]);
        return twin switch
        {
            ModelTwin.OldRunsCount => basis?.Losses == mine.Losses,
            ModelTwin.LossForgotten => basis?.Token == mine.Token,
            _ => true,
        };
    }

    private bool TryWrite(Func<ModelSlot, ModelSlot> change) => store.TryWrite(number, _taken.Token, _writes++, change);
}
