using System.IO.Hashing;
using System.Text;
using Akka.Actor;
using Akka.Event;
using Akka.Streams;
using Streaming.Engine.Checkpoints;
using Streaming.Engine.Deliveries;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// Reads one partition and feeds its entities, in runs (<see cref="SourceRun"/>). Each begins at the restart point: the least offset that
/// all shards vouch for that the partition feeds. A gap, a lost entity, a shard that was opened again, a failed event or a fault ends a
/// run. After a backoff the next one begins; in it entities skip what they have applied. A tick describes the partition in the log, then
/// commits: a broker may take minutes for a group, so neither waits for the other.
/// </summary>
internal sealed class PartitionSourceActor : UntypedActor, IWithTimers, IDisposable
{
    private const string LogOutage = "event log";
    private const string EndOutage = "end of the log";
    private const string RunOutage = "last run";

    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly CancellationTokenSource _life = new();
    private readonly SourcePlan _plan;
    private readonly TopicPartition _partition;
    private readonly TimeSpan _interval;
    private readonly SourceShards _shards;
    private readonly SourceServices _services;
    private readonly PartitionInquiry _inquiry;
    private readonly SourceCommits _commits;
    private readonly SourceDeadLetters _deadLetters;
    private readonly SourceStatus _status;
    private readonly SourceRuns _runs;
    private SourceProtocol.Ready? _ready;
    private bool _isDescribing;
    private IActorRef? _stopRequester;

    public PartitionSourceActor(
        SourcePlan plan, TopicPartition partition, SourceParts parts, SourceOffsets offsets, SourceServices services)
    {
        _plan = plan;
        _partition = partition;
        _interval = parts.Settings.CommitInterval;
        _shards = new SourceShards(parts.Shards, partition);
        _services = services;
        _inquiry = new PartitionInquiry(partition, parts.Log, parts.Settled, parts.BeginsAt, offsets, parts.Time);
        _commits = new SourceCommits(offsets, _inquiry, Self, _life.Token);
        _deadLetters = new SourceDeadLetters(partition, plan, _log, parts.Time);
        _status = new SourceStatus(partition, plan, parts.Settings, services, _log, parts.Time);
        _runs = new SourceRuns(parts, partition, Self, Context.Materializer());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        _services.Directory.Add(_partition, Self);
        _status.Post();
        PrepareRun();
        // Spread: requests for all partitions at once are a burst that delays scores.
        var phase = XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(_partition.ToString())) / (double)ulong.MaxValue;
        Timers.StartPeriodicTimer(SourceProtocol.Tick.Instance, SourceProtocol.Tick.Instance, _interval * phase, _interval);
    }

    protected override void PostStop()
    {
        _runs.Cancel();
        _life.Cancel();
        _status.End();
        _services.Directory.Remove(_partition, Self);
    }

    public void Dispose()
    {
        _runs.Dispose();
        _life.Dispose();
    }

    protected override void OnReceive(object message)
    {
        if (!OnRunMessage(message) && !OnTickMessage(message) && !OnLifecycleMessage(message))
        {
            Unhandled(message);
        }
    }

    // Messages of runs that were given up are ignored, except those that hold for the next run too.
    private bool OnRunMessage(object message)
    {
        switch (message)
        {
            case DeliveryConfirmed confirmed:
                _runs.Confirm(confirmed);
                return true;
            case SourceProtocol.Applied applied when _runs.IsReading(applied.Run.Id):
                _status.Applied(applied, isNew: _runs.Advance(applied.Read.NextOffset));
                return true;
            case SourceProtocol.DeadLettersWritten written:
                _status.DeadLettersWritten(written.Count, written.Unexpected);
                _deadLetters.Written(written);
                return true;
            case SourceProtocol.Unavailable outage when _runs.IsReading(outage.Run.Id):
                _status.Unavailable(outage.Dependency, outage.Reason, outage.IsLogOutage);
                return true;
            case SourceProtocol.Recovered recovered when _runs.IsReading(recovered.Run.Id):
                _status.Recovered(recovered.Dependency);
                return true;
            case DeliveryGap or RunNotAdmitted or EntityLost:
                EndRun(RunFaults.Of(message, _runs));
                return true;
            case DeliveryFailed failed:
                _deadLetters.Failed(failed);
                EndRun($"the event at offset {failed.Offset} made {failed.Entity} fail");
                return true;
            case SourceProtocol.RunEnded ended when _runs.IsNewest(ended.Run.Id):
                OnRunEnded(ended.Cause is AggregateException wrapped ? wrapped.GetBaseException() : ended.Cause);
                return true;
            default:
                return message is SourceProtocol.Applied or SourceProtocol.Unavailable or SourceProtocol.Recovered;
        }
    }

    private bool OnTickMessage(object message)
    {
        switch (message)
        {
            case SourceProtocol.Tick:
                OnTick();
                return true;
            case SourceProtocol.Described described:
                OnDescribed(described);
                return true;
            case SourceProtocol.DescribeFailed failed:
                _isDescribing = false;
                _commits.ForgetFailures();
                _status.Unavailable(EndOutage, failed.Cause);
                return true;
            case SourceProtocol.Committed:
                _commits.Succeeded();
                _status.Committed();
                return true;
            case SourceProtocol.CommitFailed failed:
                _status.CommitFailed(failed.Cause, isRepeated: _commits.Failed());
                return true;
            default:
                return false;
        }
    }

    private bool OnLifecycleMessage(object message)
    {
        switch (message)
        {
            case SourceProtocol.Ready ready when _runs.IsIdle:
                OnReady(ready);
                return true;
            case SourceProtocol.NotReady notReady:
                _status.Unavailable(LogOutage, notReady.Cause);
                RetryLater();
                return true;
            case SourceProtocol.Restart:
                PrepareRun();
                return true;
            case SourceProtocol.Fenced fenced:
                _services.Board.Fail($"the source of {_partition} has stopped: {fenced.Cause.Message}; restart the node");
                Context.Stop(Self);
                return true;
            case SourceProtocol.Stop:
                OnStop();
                return true;
            default:
                return message is SourceProtocol.Ensure; // Already running.
        }
    }

    private void PrepareRun() => _shards.WhenOpenAsync(() => _inquiry.BoundsAsync(_ready?.TopicIdentity, _life.Token), _life.Token)
        .PipeTo(Self, success: ready => ready, failure: cause => new SourceProtocol.NotReady(cause));

    private void OnReady(SourceProtocol.Ready ready)
    {
        // The losses first: this run does not repair one that comes between the two looks.
        var losses = _services.Board.LossesOf(_partition);
        var (basis, restart) = _shards.Look();
        if (SourceShards.Fault(_ready, ready, restart) is { } fault)
        {
            _status.Unavailable(LogOutage, fault, isLogOutage: false);
            RetryLater();
            return;
        }

        if (_ready is null)
        {
            _deadLetters.Restore(ready.Ledger!);
        }

        (_ready, var start) = (ready, RestartPoint.Start(restart, ready.BeginningOffset));
        _status.BeginRun(ready, start, restart, (losses, basis));
        _runs.Begin(start, basis, _deadLetters.Ledger with { Settled = ready.Settled });
    }

    private SourceLedger? Ledger() => _deadLetters.ToLedger(_status.NextOffset, _status.HistoryFrom);

    private void EndRun(string? reason)
    {
        if (reason is not null && _runs.IsRunning)
        {
            _log.Warning("{0}: {1}; reading again from the restart point", _partition, reason);
            _runs.Cancel();
            _status.EndRun();
        }
    }

    private void OnRunEnded(Exception? cause)
    {
        if (_runs.IsRunning)
        {
            _status.RunFailed(RunOutage, cause);
        }

        _runs.Ended();
        RetryLater();
    }

    private void RetryLater() =>
        Timers.StartSingleTimer(SourceProtocol.Restart.Instance, SourceProtocol.Restart.Instance, _runs.NextWait());

    private void OnTick()
    {
        if (_ready is not null && !_isDescribing)
        {
            _isDescribing = true;
            _inquiry.DescribeAsync(_ready.TopicIdentity, _life.Token)
                .PipeTo(Self, success: described => described, failure: cause => new SourceProtocol.DescribeFailed(cause));
        }

        _status.Restart(_shards.RestartPoint());
        EndRun(_shards.Are(_runs.Basis) ? null : "a shard was opened again, or has lost events, since the run began");
    }

    private void OnDescribed(SourceProtocol.Described described)
    {
        _isDescribing = false;
        _status.Recovered(EndOutage);
        if (described.IsRecreated)
        {
            EndRun("the topic was deleted and created again");
            return;
        }

        _services.Starter.Ensure(_plan, described.Partition.Topic.Partitions);
        _status.Described(described.Partition, described.AtTicks);
        _commits.Begin(Ledger(), _shards.RestartPoint());
    }

    private void OnStop()
    {
        _stopRequester = Sender;
        Timers.CancelAll();
        Become(Stopping);
        _runs.Cancel();
        CommitLast();
    }

    private void Stopping(object message)
    {
        switch (message)
        {
            case SourceProtocol.Applied applied when _runs.IsNewest(applied.Run.Id):
                _status.Applied(applied, isNew: _runs.Advance(applied.Read.NextOffset));
                break;
            case SourceProtocol.RunEnded:
                _runs.Ended();
                CommitLast();
                break;
            case SourceProtocol.Described or SourceProtocol.DescribeFailed:
                _isDescribing = false;
                CommitLast();
                break;
            case SourceProtocol.Committed or SourceProtocol.CommitFailed:
                _commits.Succeeded();
                CommitLast();
                break;
        }
    }

    private void CommitLast()
    {
        if (_runs.IsIdle && !_isDescribing && !_commits.IsBusy)
        {
            _commits.LastAsync(Ledger(), _shards.RestartPoint())
                .PipeTo(_stopRequester!, success: () => SourceProtocol.Stopped.Instance, failure: _ => SourceProtocol.Stopped.Instance);
        }
    }
}
