// Hot: Draw runs once per answer.
using System.Threading.Channels;
using Streaming.Engine.Replays;
using Streaming.Features.Events;
using Streaming.Features.Serving;
using Streaming.Ingest;
using Streaming.Log;
using Streaming.Node.Settings;
using Streaming.Scoring.Turns;

namespace Streaming.Node.Parity;

/// <summary>
/// Compares a share of the answers with the log: it draws them on the requests' path, keeps a bounded number, and computes them again
/// beside, many by one reading of the log, at a bounded pace. Thread-safe.
/// </summary>
internal sealed class LiveParity : IAnswerSampler
{
    private const int LinesMax = 5;

    private readonly IFeatureStore _store;
    private readonly ParitySettings _settings;
    private readonly ParityMetrics _metrics;
    private readonly ILogger<LiveParity> _log;
    private readonly TimeProvider _clock;
    private readonly Channel<SampledAnswer> _queue;
    private readonly ReadRecomputation _recomputation;

    /// <param name="store">What answers.</param>
    /// <param name="services">The log, and how it is read.</param>
    /// <param name="settings">How many, and how fast.</param>
    /// <param name="metrics">Counts.</param>
    /// <param name="log">Where differences are told.</param>
    /// <param name="clock">The clock.</param>
    public LiveParity(
        IFeatureStore store,
        ReplayServices services,
        ParitySettings settings,
        ParityMetrics metrics,
        ILogger<LiveParity> log,
        TimeProvider clock)
    {
        (_store, _settings, _metrics, _log, _clock) = (store, settings, metrics, log, clock);
        _queue = Channel.CreateBounded<SampledAnswer>(new BoundedChannelOptions(settings.QueueLimit) { SingleReader = true });
        _recomputation = new ReadRecomputation(services, PaceAsync);
    }

    /// <inheritdoc/>
    public AnswerSample? Draw() => Random.Shared.NextDouble() < _settings.Share ? new AnswerSample(_store) : null;

    /// <inheritdoc/>
    public void Add(SampledAnswer answer)
    {
        if (!_queue.Writer.TryWrite(answer))
        {
            _metrics.Skipped(ParitySkip.QueueFull);
        }
    }

    /// <inheritdoc/>
    public void Skip(ParitySkip reason) => _metrics.Skipped(reason);

    /// <summary>Compares again and again, until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(_settings.Interval, _clock);
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            var answers = new List<SampledAnswer>();
            while (answers.Count < _settings.QueueLimit && _queue.Reader.TryRead(out var answer))
            {
                answers.Add(answer);
            }

            await CompareAsync(answers, cancellation);
        }
    }

    private async Task CompareAsync(List<SampledAnswer> answers, CancellationToken cancellation)
    {
        if (answers.Count == 0)
        {
            return;
        }

        try
        {
            var recomputed = (await _recomputation.RunAsync(answers.SelectMany(static answer => answer.Reads), cancellation)).ToArray();
            var next = 0;
            foreach (var answer in answers)
            {
                Compare(answer, recomputed.AsSpan(next, answer.Reads.Length));
                next += answer.Reads.Length;
            }
        }
        catch (OffsetOutOfRangeException)
        {
            _metrics.Skipped(ParitySkip.ShortHistory, answers.Count);
        }
        catch (Exception away) when (away is EventLogException or IngestException)
        {
            _metrics.Skipped(ParitySkip.LogAway, answers.Count);
            ParityLog.LogAway(_log, answers.Count, away.Message);
        }
#pragma warning disable CA1031 // A comparison that fails is no reason to stop a node that answers; the line and the metric tell it.
        catch (Exception failure) when (failure is not (OperationCanceledException or OutOfMemoryException))
#pragma warning restore CA1031
        {
            _metrics.Skipped(ParitySkip.Failed, answers.Count);
            ParityLog.Failed(_log, answers.Count, failure);
        }
    }

    private void Compare(SampledAnswer answer, ReadOnlySpan<RecomputedRead> recomputed)
    {
        foreach (var read in recomputed)
        {
            if (read.Skip is { } reason)
            {
                _metrics.Skipped(reason);
                return;
            }
        }

        var differences = AnswerComparison.Differences(answer, recomputed);
        foreach (var difference in differences.Take(LinesMax))
        {
            var at = answer.Reads.IsEmpty ? "no time" : new EventTime(answer.Reads[0].AtMillis).ToString();
            ParityLog.Mismatch(_log, difference.What, difference.Entity, at, difference.Answered, difference.Recomputed);
        }

        _metrics.Compared(differences.Count > 0);
    }

    private async ValueTask PaceAsync(long offsets, CancellationToken cancellation) =>
        await Task.Delay(TimeSpan.FromSeconds((double)offsets / _settings.EventsPerSecond), _clock, cancellation);
}
