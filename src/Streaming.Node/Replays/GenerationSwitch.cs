using System.Diagnostics.CodeAnalysis;
using Streaming.Engine;
using Streaming.Engine.Replays;
using Streaming.Log;

namespace Streaming.Node.Replays;

/// <summary>
/// Builds a generation beside the one that answers, by an engine of its own, and switches to it once it has all that the live one has and
/// its snapshots vouch for that. One at a time. Thread-safe.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "DisposeAsync cancels and waits; the source of a replay goes with it.")]
internal sealed class GenerationSwitch(SwitchParts parts, LiveEngine live, ILoggerFactory loggers) : IAsyncDisposable
{
    private static readonly TimeSpan s_lookEvery = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan s_cleanEvery = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly ReplayGenerations _generations = new(parts.Snapshots, parts.Services, parts.KeepReplaced);
    private readonly ILogger _log = loggers.CreateLogger<GenerationSwitch>();
    private CancellationTokenSource _stop = new();
    private Task _work = Task.CompletedTask;
    private volatile ReplayStatus _status = ReplayStatus.None;
    private EngineLife? _life;

    /// <summary>How far it is.</summary>
    public ReplayStatus Status => _status;

    /// <summary>Whether a generation is being built, or a switch is not over.</summary>
    public bool IsRunning
    {
        get
        {
            lock (_gate)
            {
                return !_work.IsCompleted;
            }
        }
    }

    /// <summary>Checks that a replay can begin there.</summary>
    /// <exception cref="ReplayException">It cannot; the text says why.</exception>
    /// <exception cref="EventLogException">The log is unavailable.</exception>
    public Task CheckAsync(ReplayStart start, CancellationToken cancellation) => _generations.CheckAsync(start, cancellation);

    /// <summary>Begins to build a generation; false while another one is built.</summary>
    public bool TryBegin(ReplayStart start) => TryRun(async stop => (await _generations.BeginAsync(start, stop), false));

    /// <summary>Begins to go back to the generation that was replaced; false while another one is built.</summary>
    public bool TryUndo() => TryRun(async stop =>
        await _generations.ReplacedAsync(stop) is { } replaced && parts.Services.Time.GetUtcNow() < replaced.Until
            ? (replaced.Generation, true)
            : throw new ReplayException(
                "there is no generation to go back to: none was replaced, or it is kept no longer (streaming.admin.keep-replaced)"));

    /// <summary>Gives up what is being built.</summary>
    public void Cancel()
    {
        lock (_gate)
        {
            // Not here: what ends by it would run under the lock.
            _ = _stop.CancelAsync();
        }
    }

    /// <summary>
    /// Deletes what replays have left in the store, now and then, until the token ends it. Not before the node is ready: the store has
    /// enough to do until then.
    /// </summary>
    public async Task CleanAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            while (!live.IsReady)
            {
                await Task.Delay(s_lookEvery, parts.Services.Time, stop);
            }

            try
            {
                if (_status.IsEnded)
                {
                    foreach (var generation in await _generations.CleanAsync(stop))
                    {
                        ReplayLog.Deleted(_log, generation);
                    }
                }
            }
            catch (Persistence.Redis.SlotStoreException away)
            {
                ReplayLog.NotDeleted(_log, away.Message);
            }

            await Task.Delay(s_cleanEvery, parts.Services.Time, stop);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Cancel();
        await _work.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_life is not null)
        {
            await _life.DisposeAsync();
        }
    }

    private bool TryRun(Func<CancellationToken, Task<(long Generation, bool IsUndo)>> begin)
    {
        lock (_gate)
        {
            if (!_work.IsCompleted)
            {
                return false;
            }

            _stop.Dispose();
            _stop = new CancellationTokenSource();
            _status = ReplayStatus.None with { Phase = "building" };
            var stop = _stop.Token;
            _work = Task.Run(() => RunAsync(begin, stop), CancellationToken.None);
            return true;
        }
    }

    private async Task RunAsync(Func<CancellationToken, Task<(long Generation, bool IsUndo)>> begin, CancellationToken stop)
    {
        EngineLife? built = null;
        var (generation, isUndo) = (0L, false);
        try
        {
            var seen = await _generations.LiveAsync(stop);
            (generation, isUndo) = await begin(stop);
            _status = _status with { Generation = generation };
            ReplayLog.Building(_log, generation);
            built = await EngineLife.StartAsync(parts.Prepare(generation, stop), loggers, stop);
            await UntilCaughtUpAsync(built.Engine, stop);
            await _generations.SwitchAsync(seen, generation, CancellationToken.None);
            var replaced = _life;
            (_life, built) = (built, null);
            await SwitchAsync(replaced, _life.Engine);
            if (isUndo)
            {
                await _generations.DeleteAsync(seen!.Value, CancellationToken.None);
            }

            var undo = await _generations.ReplacedAsync(CancellationToken.None);
            _status = _status with { Phase = "switched", Done = _status.Total, UndoUntil = undo?.Until };
            ReplayLog.Switched(_log, generation);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            await GiveUpAsync(built, generation, isUndo, failure, stop.IsCancellationRequested);
        }
    }

    private async Task SwitchAsync(EngineLife? replaced, StreamingEngine successor)
    {
        var before = live.Current;
        live.Switch(successor);

        // Reads that have begun end first.
        await Task.Delay(parts.Services.Settings.ReadTimeout + parts.Services.Settings.ReadTimeout, parts.Services.Time);
        try
        {
            await (replaced?.DisposeAsync().AsTask() ?? before.RetireAsync());
        }
        catch (Exception late) when (late is OperationCanceledException or TimeoutException)
        {
            // The switch has happened: what answers does not wait for the end of what answered.
            ReplayLog.NotRetired(_log, late.Message);
        }
    }

    private async Task UntilCaughtUpAsync(StreamingEngine engine, CancellationToken stop)
    {
        var from = await BeginningsAsync(stop);
        Dictionary<TopicPartition, long>? reached = null;
        while (true)
        {
            if (engine.Fault is { } fault)
            {
                throw new ReplayException($"the engine that builds it has failed: {fault}");
            }

            var statuses = engine.Partitions;
            var (done, total) = (
                statuses.Sum(status => Math.Max(0, status.NextOffset - from.GetValueOrDefault(status.Partition))),
                statuses.Sum(status => Math.Max(0, status.EndOffset - from.GetValueOrDefault(status.Partition))));
            _status = _status with { Phase = reached is null ? "building" : "saving", Done = done, Total = Math.Max(done, total) };
            if (reached is null && engine.IsReady && Covers(statuses, live.Partitions))
            {
                reached = statuses.ToDictionary(status => status.Partition, status => status.NextOffset);
            }

            // A kill right after the switch must not begin the rebuild again.
            if (reached is not null && engine.IsCaughtUp && statuses.All(
                    status => status.RestartOffset >= reached.GetValueOrDefault(status.Partition)) && Covers(statuses, live.Partitions))
            {
                return;
            }

            await Task.Delay(s_lookEvery, parts.Services.Time, stop);
        }
    }

    private static bool Covers(IReadOnlyList<PartitionStatus> built, IReadOnlyList<PartitionStatus> answering)
    {
        var next = built.ToDictionary(status => status.Partition, status => status.NextOffset);
        return answering.All(status => next.TryGetValue(status.Partition, out var offset) && offset >= status.NextOffset);
    }

    private async Task<Dictionary<TopicPartition, long>> BeginningsAsync(CancellationToken stop)
    {
        var beginnings = new Dictionary<TopicPartition, long>();
        foreach (var status in live.Partitions)
        {
            beginnings[status.Partition] = await parts.Services.Log.BeginningOffsetAsync(status.Partition, stop);
        }

        return beginnings;
    }

    private async Task GiveUpAsync(EngineLife? built, long generation, bool isUndo, Exception failure, bool isCancelled)
    {
        if (built is not null)
        {
            await built.DisposeAsync();
        }

        if (generation != 0 && !isUndo)
        {
            try
            {
                await _generations.DeleteAsync(generation, CancellationToken.None);
            }
            catch (Persistence.Redis.SlotStoreException away)
            {
                ReplayLog.NotDeleted(_log, away.Message);
            }
        }

        _status = _status with { Phase = isCancelled ? "cancelled" : "failed", Fault = isCancelled ? null : failure.Message };
        if (generation == 0 && failure is ReplayException)
        {
            // The user's mistake, who is told: nothing has failed.
            ReplayLog.NotBegun(_log, failure.Message);
        }
        else if (!isCancelled)
        {
            ReplayLog.Failed(_log, generation, failure);
        }
    }
}
