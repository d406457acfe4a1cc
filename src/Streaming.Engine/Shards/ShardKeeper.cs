using Akka.Actor;
using Akka.Event;
using Streaming.Engine.Checkpoints;
using Streaming.Engine.Deliveries;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Engine.Shards;

/// <summary>
/// The keeper of one shard: it takes the shard's slot, says to sources what the slot vouches for, and writes the entities that have
/// changed, again and again (exactly-once.md, 2 to 4). A slot that another process has taken ends it, and the engine with it.
/// </summary>
internal sealed class ShardKeeper : UntypedActor, IWithTimers, IDisposable
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(500);

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _life = new();
    private readonly Shard _shard;
    private readonly KeeperParts _parts;
    private readonly ShardFlush _flush;
    private readonly ShardResidents _residents;
    private readonly ShardSweep _sweep;
    private ShardLoading? _loading;
    private IShardSlot? _slot;
    private ShardManifest? _manifest;
    private bool _isDistrusted;

    public ShardKeeper(Shard shard, KeeperParts parts)
    {
        _shard = shard;
        _parts = parts;
        _flush = new ShardFlush(shard, Self, _life.Token);
        _residents = new ShardResidents(shard);
        _sweep = new ShardSweep(shard, Self, _life.Token);
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(Shard shard, KeeperParts parts) => Akka.Actor.Props.CreateBy(new ShardKeeperProducer(shard, parts));

    protected override void PreStart()
    {
        _parts.Watch(Self, $"the keeper of shard {_shard}");
        TakeSlot();
    }

    protected override void PostStop()
    {
        _life.Cancel();
        _residents.End();
    }

    /// <inheritdoc/>
    public void Dispose() => _life.Dispose();

    // A keeper that failed has forgotten which states are not written: the node must start again, from what is.
    protected override void OnReceive(object message)
    {
        try
        {
            if (!HandleLoad(message))
            {
                HandleFlush(message);
            }
        }
        catch (Exception failure)
        {
            _log.Error(failure, "shard {0}: its keeper failed", _shard);
            Context.Stop(Self);
        }
    }

    private bool HandleLoad(object message)
    {
        switch (message)
        {
            case ShardProtocol.Taken taken:
                OnTaken(taken);
                return true;
            case ShardProtocol.Loaded loaded:
                OnLoaded(loaded.Page);
                return true;
            case ShardProtocol.LoadFailed { Cause: SlotFencedException } failed:
                OnFailed(failed.Cause);
                return true;
            case ShardProtocol.LoadFailed failed:
                _loading = null;
                _sweep.EndReading();
                _parts.Turns.Tell(new FlushTurns.Unavailable(failed.Cause.Message));
                return true;
            case ShardProtocol.SnapshotDamaged damaged:
                OnDamaged(damaged);
                return true;
            case ShardProtocol.Check:
                ShardFlush.Check(_slot!, _parts.Turns, _life.Token);
                return true;
            default:
                return message is ShardProtocol.Ensure; // Already running.
        }
    }

    private void HandleFlush(object message)
    {
        switch (message)
        {
            case ShardProtocol.Flush:
                OnFlush();
                break;
            case ShardProtocol.Snapshot snapshot:
                _flush.Add(snapshot);
                GoOn();
                break;
            case ShardProtocol.BatchWritten written:
                OnBatchWritten(written);
                break;
            case ShardProtocol.ManifestWritten written:
                OnManifestWritten(written.Manifest);
                break;
            case ShardProtocol.Failed failed:
                OnFailed(failed.Cause);
                break;
            case ShardProtocol.Look:
                OnLook();
                break;
            case ShardProtocol.Swept swept:
                _sweep.Read(swept);
                break;
            case ShardProtocol.Forgotten forgotten:
                _sweep.Deleted(forgotten.Entities);
                EndTurn(null);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void TakeSlot() => _parts.TakeAsync(_shard, _life.Token).PipeTo(
        Self, success: static taken => taken, failure: static cause => new ShardProtocol.Failed(cause));

    private void OnTaken(ShardProtocol.Taken taken)
    {
        (_slot, _manifest) = (taken.Slot, taken.Manifest);
        if (taken.Damage is { } damage)
        {
            _log.Error("shard {0}: {1}; its entities are rebuilt from the log", _shard, damage);
        }

        _loading = ShardLoading.Begin(_shard, taken, Self, _life.Token);
        _shard.RememberSince(_manifest?.SinceMillis ?? long.MinValue);
        _shard.Open(new ShardOpening(taken.Slot, Self, _manifest?.Durable ?? Marks.None));
        _parts.Announce();
        _parts.Turns.Tell(FlushTurns.Register.Instance);
    }

    // Until all is loaded nothing leaves: what is loaded must be newer than what left.
    private void OnLoaded(IReadOnlyList<SlotEntry>? page)
    {
        _loading = _loading?.TryAdd(page) == true ? _loading : null;
        _residents.Measure();
    }

    private void OnFlush()
    {
        _shard.Residency.Advance();
        var isFree = !_flush.IsRunning && !_sweep.IsDeleting;
        if (isFree && _isDistrusted)
        {
            // Before any other snapshot: one that is half rebuilt must not lie under a manifest that vouches for all of it.
            WriteManifest(new ShardManifest((_manifest?.Flush ?? 0) + 1, Marks.None, _shard.SinceMillis));
        }
        else if (isFree)
        {
            _shard.Checkpoint.Begin();
            _flush.Begin(_parts.Progress);
            GoOn();
        }

        if (_flush.IsRunning)
        {
            Timers.StartPeriodicTimer(ShardProtocol.Look.Instance, ShardProtocol.Look.Instance, s_lookEvery);
        }
    }

    // Entities that have stopped do not answer.
    private void OnLook()
    {
        if (_slot is null)
        {
            TakeSlot();
            return;
        }

        _flush.DropStopped();
        GoOn();
    }

    private void GoOn()
    {
        _flush.Ask();
        _flush.Write(_slot!);
        if (_flush.IsWritten)
        {
            var progress = _flush.End();
            if ((_manifest?.Durable ?? Marks.None).Covers(progress))
            {
                _shard.Checkpoint.End(_manifest?.Flush ?? 0, isWritten: false);
                EndTurn(null, _flush.HasAsked);
                return;
            }

            WriteManifest(ShardManifest.After(_manifest, progress, _parts.RememberSince(_shard)));
        }
    }

    private void OnBatchWritten(ShardProtocol.BatchWritten written)
    {
        _flush.Written(written);
        _sweep.Written(written.Snapshots);
        _shard.Checkpoint.Wrote(written.Snapshots.Count, written.Snapshots.Sum(static one => (long)one.Bytes.Count));
        GoOn();
    }

    private void WriteManifest(ShardManifest manifest)
    {
        _flush.Hold();
        _slot!.WriteManifestAsync(ManifestBytes.Write(manifest), _life.Token).PipeTo(
            Self,
            success: () => new ShardProtocol.ManifestWritten(manifest),
            failure: cause => new ShardProtocol.Failed(cause));
    }

    private void OnManifestWritten(ShardManifest manifest)
    {
        if (_flush.TryRelease())
        {
            _manifest = manifest;
            _isDistrusted &= !manifest.Durable.ByPartition.IsEmpty;
            _shard.Advance(_flush.Opening, manifest.Durable);
            _shard.RememberSince(manifest.SinceMillis);
            _shard.Checkpoint.End(manifest.Flush, isWritten: true);
            EndTurn(null);
        }
    }

    private void EndTurn(string? failure, bool hasAsked = true)
    {
        Timers.Cancel(ShardProtocol.Look.Instance);
        if (_loading is null)
        {
            _residents.Look();
            if (failure is null && !_isDistrusted && _sweep.GoOn(_slot!))
            {
                return; // What is deleted ends the turn.
            }
        }

        _parts.Turns.Tell(new FlushTurns.Ended(failure, hasAsked));
    }

    private void OnDamaged(ShardProtocol.SnapshotDamaged damaged)
    {
        const string Line = "shard {0}: the snapshot of {1} cannot be read ({2}); the shard is rebuilt from the log";
        _log.Error(Line, _shard, damaged.Entity, damaged.Fault);
        _shard.Distrust(damaged.Opening, damaged.Entity, _parts.Losses);
        _isDistrusted = true;
        _parts.Announce();
        if (_flush.IsRunning)
        {
            _flush.Abort();
            EndTurn(null);
        }
    }

    private void OnFailed(Exception cause)
    {
        _flush.Abort();
        _sweep.Abort();
        if (cause is SlotFencedException)
        {
            _log.Error("shard {0}: {1}", _shard, cause.Message);
            Context.Stop(Self);
        }
        else if (_slot is null)
        {
            _parts.Turns.Tell(new FlushTurns.Unavailable(cause.Message));
            Timers.StartSingleTimer(ShardProtocol.Look.Instance, ShardProtocol.Look.Instance, _parts.RetryAfter);
        }
        else
        {
            EndTurn(cause.Message);
        }
    }
}
