// Hot: Add runs once per score.
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Log;
using Streaming.Scoring.Requests;

namespace Streaming.Scoring.ScoreLogs;

/// <summary>
/// Writes the answers of all models to the topic scores, off the request's path. Scoring never waits for the log: while the queue is
/// full, answers are not logged, and counted. Thread-safe.
/// </summary>
public sealed class ScoreLog : IDisposable
{
    private const int MaxRecords = 1000;
    private static readonly TimeSpan s_again = TimeSpan.FromSeconds(1);
    private readonly ScoreLogTarget _target;
    private readonly ScoreJson _json = new();
    private readonly ScoreLogSettings _settings;
    private readonly IScoreLogMetrics _metrics;
    private readonly ILogger<ScoreLog> _logger;
    private readonly TimeProvider _clock;
    private readonly LogThrottle _failures;
    private readonly Channel<ScoreEntry> _queue;
    private readonly RecordBatch _records = new(MaxRecords);
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _stopped = new();
    private Task _running = Task.CompletedTask;
    private int? _schemaId;
    private long _queuedBytes;

    /// <param name="target">Where answers go.</param>
    /// <param name="settings">Limits and waits.</param>
    /// <param name="metrics">Counts what becomes of answers.</param>
    /// <param name="logger">Logs outages.</param>
    /// <param name="clock">The clock.</param>
    public ScoreLog(
        ScoreLogTarget target,
        ScoreLogSettings settings,
        IScoreLogMetrics metrics,
        ILogger<ScoreLog> logger,
        TimeProvider clock)
    {
        _target = target;
        _settings = settings;
        _metrics = metrics;
        _logger = logger;
        _clock = clock;
        _failures = new(clock);
        _queue = Channel.CreateBounded<ScoreEntry>(new BoundedChannelOptions(settings.QueueLimit) { SingleReader = true });
    }

    /// <summary>The way of a version of a model into the log.</summary>
    /// <param name="scorer">The version.</param>
    /// <param name="schema">What its requests look like.</param>
    public ScoreLogLane LaneOf(Scorer scorer, RequestSchema schema)
    {
        var kept = Math.Min(_settings.QueueLimit, 4 * MaxRecords);
        return new(this, new(scorer, schema, _json), new(schema, scorer.Service, kept));
    }

    /// <summary>
    /// Takes ownership of a copied answer, or counts it as dropped if the queue is full.
    /// </summary>
    internal void Add(ScoreEntry entry)
    {
        var bytes = entry.TextBytes;
        if (Interlocked.Add(ref _queuedBytes, bytes) > _settings.QueueBytesLimit || !_queue.Writer.TryWrite(entry))
        {
            Interlocked.Add(ref _queuedBytes, -bytes);
            entry.Return();
            _metrics.ScoreEventsDropped(1);
        }
    }

    /// <summary>Begins to write.</summary>
    public void Start() => _running = Task.Run(RunAsync, CancellationToken.None);

    /// <summary>No more answers come: what is queued is written, or given up after the flush time-out.</summary>
    public async Task StopAsync()
    {
        _queue.Writer.TryComplete();
        await _stopping.CancelAsync();
        using var late = new CancellationTokenSource(_settings.FlushTimeout, _clock);
        await using var ending = late.Token.Register(_stopped.Cancel);
        await _running;
        while (_queue.Reader.TryRead(out _))
        {
            _metrics.ScoreEventsDropped(1);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _stopping.Dispose();
        _stopped.Dispose();
        _json.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (await _queue.Reader.WaitToReadAsync(_stopped.Token))
            {
                await WaitAsync(_settings.Linger, _stopping.Token);
                do
                {
                    await TryWriteAsync();
                }
                while (IsBehind());
            }
        }
        catch (OperationCanceledException)
        {
            // The flush took too long: what is left is counted as dropped.
        }
    }

    // After a batch that was not full the writer lingers. Else each batch would hold only the few answers that came during the last
    // append.
    private bool IsBehind() => _records.Count == MaxRecords && _queue.Reader.TryPeek(out _);

    private async Task TryWriteAsync()
    {
        _records.Clear();
        try
        {
            await WriteAsync();
        }
#pragma warning disable CA1031 // Whatever is wrong with a batch, the answers after it are logged.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            ScoreLogMessages.ScoreLogFault(_logger, e);
            _metrics.ScoreEventsDropped(_records.Count);
            await WaitAsync(s_again, _stopped.Token);
            _stopped.Token.ThrowIfCancellationRequested();
        }
    }

    private async Task WriteAsync()
    {
        var schemaId = await SchemaIdAsync();
        while (_records.Count < MaxRecords && _queue.Reader.TryRead(out var entry))
        {
            entry.Lane!.Write(entry, schemaId, _records);
            Interlocked.Add(ref _queuedBytes, -entry.TextBytes);
            entry.Return();
        }

        try
        {
            while (!await TryAppendAsync())
            {
                await WaitAsync(s_again, _stopped.Token);
                _stopped.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException)
        {
            _metrics.ScoreEventsDropped(_records.Count);
            throw;
        }
    }

    /// <summary>Appends the batch; false if it is to be tried again, under the same ids.</summary>
    private async Task<bool> TryAppendAsync()
    {
        try
        {
            await _target.Log.AppendAsync(EventSchemas.Scores, _records, _stopped.Token).WaitAsync(_stopped.Token);
            _metrics.ScoreEventsLogged(_records.Count);
            return true;
        }
        catch (EventLogException e)
        {
            if (_failures.IsDue(out var others))
            {
                ScoreLogMessages.ScoresNotLogged(_logger, e.Message, others);
            }

            if (!e.Retriable)
            {
                _metrics.ScoreEventsDropped(_records.Count);
            }

            return !e.Retriable;
        }
    }

    private async ValueTask<int> SchemaIdAsync()
    {
        while (_schemaId is null)
        {
            var answer = await _target.Schemas.RegisterAsync(EventSchemas.Scores, _stopped.Token);
            _schemaId = answer is RegistryResult<int>.Found found ? found.Value : null;
            if (_schemaId is null)
            {
                await WaitAsync(s_again, _stopped.Token);
                _stopped.Token.ThrowIfCancellationRequested();
            }
        }

        return _schemaId.Value;
    }

    /// <summary>Waits; a cancelled wait is a short one.</summary>
    private Task WaitAsync(TimeSpan span, CancellationToken cancellation) =>
        Task.Delay(span, _clock, cancellation)
            .ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
