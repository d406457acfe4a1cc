using Streaming.Engine.Checkpoints;

namespace Streaming.Engine.Tests.Checkpoints;

/// <summary>A shard that a node has opened, with its keeper: the flush goes on a step at a time.</summary>
internal sealed class ModelShard(ModelStore store, ModelTwin twin, int number)
{
    private readonly ModelEntity[] _entities = new ModelEntity[ModelLog.Entities];
    private readonly Queue<int> _waiting = new();
    private ModelSlot _taken = store.Take(number);
    private ShardManifest? _manifest;
    private (int Entity, ModelEntity Of, ModelState State)? _asked;
    private Marks _progress = Marks.None;
    private int _writes;
    private int _losses;
    private int _lossesNoted;
    private int _step;
    private bool _isDistrusted;

    public Marks Durable { get; private set; } = Marks.None;

    /// <summary>Whether the slot is its own and has all that it wrote.</summary>
    public bool IsOwner => store.IsOwner(number, _taken.Taking, _writes);

    public ModelEntity this[int entity] => _entities[entity];

    public ModelShard Open()
    {
        (_writes, _manifest, _isDistrusted) = (0, _taken.Manifest, false);
        Durable = _manifest?.Durable ?? Marks.None;
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

    public bool Admits(int partition, RunStart run) =>
        twin == ModelTwin.NoAdmission || Admission.Admits(Durable, ModelStore.Partition(partition), run);

    /// <summary>An entity stops. The result is the state that is lost with it, if any; false where the slot is another's.</summary>
    public bool TryCrash(int entity, out ModelState? lost)
    {
        var stopped = _entities[entity];
        lost = null;
        if (!stopped.IsDirty && stopped.IsWritten)
        {
            _entities[entity] = new(stopped.State);
            return true;
        }

        (lost, _losses) = (stopped.State, _losses + 1);
        var snapshot = store[number].Snapshots.GetValueOrDefault(entity);
        if (snapshot == ModelState.Damaged)
        {
            (snapshot, lost) = (Distrust(), new ModelState(0, 0, 1, 1, 0));
        }

        // A state that was taken before may yet be written over the snapshot: what was loaded is to be written again.
        _entities[entity] = new(snapshot) { IsDirty = twin != ModelTwin.ReloadedIsClean };
        return twin == ModelTwin.UncheckedLoad || store.Accepts(number, _taken.Token, _writes);
    }

    /// <summary>One step of a flush. False where the store has refused a write.</summary>
    public bool TryFlushStep(Func<Marks> progress)
    {
        switch (_step)
        {
            case 0 when _isDistrusted && twin != ModelTwin.DistrustNotWritten:
                _isDistrusted = false;
                return TryWrite(static slot => slot with { Manifest = null });
            case 0:
                (_lossesNoted, _step) = (_losses, 1);
                return true;
            case 1 or 2:
                Begin(takes: _step == (twin == ModelTwin.LateProgress ? 1 : 2), progress);
                _step++;
                return true;
            case 3 when twin == ModelTwin.ManifestFirst:
                _step++;
                return TryEnd();
            case 3 or 4 when _asked is not null || _waiting.Count > 0:
                return TryWriteNext();
            default:
                var writes = _step == 3;
                _step = 0;
                return !writes || TryEnd();
        }
    }

    // The slot vouches for nothing, and is to say so before any snapshot is written; the entity begins anew.
    private ModelState Distrust()
    {
        Abort();
        (_isDistrusted, Durable) = (true, Marks.None);
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

    private void Begin(bool takes, Func<Marks> progress)
    {
        if (!takes)
        {
            _progress = progress();
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
        if ((_losses != _lossesNoted && twin != ModelTwin.LossesIgnored) || Durable.Covers(_progress))
        {
            return true;
        }

        var manifest = ShardManifest.After(_manifest, _progress, long.MinValue);
        if (!TryWrite(slot => slot with { Manifest = manifest }))
        {
            return false;
        }

        (_manifest, Durable) = (manifest, manifest.Durable);
        return true;
    }

    private bool TryWrite(Func<ModelSlot, ModelSlot> change) => store.TryWrite(number, _taken.Token, _writes++, change);
}
