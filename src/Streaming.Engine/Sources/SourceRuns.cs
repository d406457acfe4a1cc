using Akka.Actor;
using Akka.Streams;
using Streaming.Engine.Checkpoints;
using Streaming.Engine.Deliveries;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>The runs of a source, one after the other. Each ends with <see cref="SourceProtocol.RunEnded"/> to the source.</summary>
internal sealed class SourceRuns(SourceParts parts, TopicPartition partition, IActorRef source, IMaterializer materializer) : IDisposable
{
    private readonly Backoff _backoff = new(parts.Settings);
    private CancellationTokenSource _stop = new();
    private readonly Guid _life = Guid.NewGuid();
    private readonly OpenReads _open = new();
    private DeliveryRun _run = new(source, default, default, RunBasis.None);
    private long _furthestOffset;

    /// <summary>Whether a run reads and delivers.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>Whether there is no run, not even one that is cancelled and has not ended yet.</summary>
    public bool IsIdle { get; private set; } = true;

    /// <summary>The number of the newest run.</summary>
    public long Number => _run.Id.Number;

    /// <summary>The shards as they were when the newest run began.</summary>
    public RunBasis Basis => _run.Basis;

    /// <summary>Whether a message is of the newest run.</summary>
    public bool IsNewest(RunId run) => run == _run.Id;

    /// <summary>Whether a message is of the newest run, and that one reads.</summary>
    public bool IsReading(RunId run) => IsRunning && run == _run.Id;

    /// <summary>Begins the next run, when the one before has ended.</summary>
    public void Begin(RunStart start, RunBasis basis, DeadLetterLedger ledger)
    {
        _stop.Dispose();
        _stop = new CancellationTokenSource();
        (IsRunning, IsIdle) = (true, false);
        _open.Clear();
        var run = _run = new DeliveryRun(source, new RunId(_life, Number + 1), start, basis);
        new SourceRun(parts, partition, run, ledger, _furthestOffset, _open).RunAsync(materializer, _stop.Token).PipeTo(
            source,
            success: () => new SourceProtocol.RunEnded(run, null),
            failure: cause => new SourceProtocol.RunEnded(run, cause));
    }

    /// <summary>All before an offset is applied; the result is whether no run had come so far.</summary>
    public bool Advance(long nextOffset)
    {
        if (nextOffset <= _furthestOffset)
        {
            return false;
        }

        _furthestOffset = nextOffset;
        _backoff.Reset();
        return true;
    }

    /// <summary>A delivery of the run is applied elsewhere.</summary>
    public void Confirm(DeliveryConfirmed confirmed)
    {
        if (IsNewest(confirmed.Run))
        {
            _open.Confirm(confirmed);
        }
    }

    /// <summary>Cancels the run.</summary>
    public void Cancel()
    {
        IsRunning = false;
        _stop.Cancel();
    }

    /// <summary>The run has ended.</summary>
    public void Ended() => (IsRunning, IsIdle) = (false, true);

    /// <summary>The wait before the next run; it grows until a run gets further than any before.</summary>
    public TimeSpan NextWait() => _backoff.Next();

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();
}
