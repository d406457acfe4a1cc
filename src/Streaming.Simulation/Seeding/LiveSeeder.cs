using Streaming.Simulation.Generators;

namespace Streaming.Simulation.Seeding;

/// <summary>
/// Writes what happens now, at a rate. Events are those of the simulated days from today on, in their order but with the time at which
/// they are written; after a week of them it starts again at today, so that cards and terminals that are compromised stay those
/// of the calendar's days, whose labels come in.
/// </summary>
internal sealed class LiveSeeder
{
    private const int DaysAhead = 7;
    // A click counts for its user, its item and its category: as many changes as when there were half as many clicks for users only.
    private const double ClickShare = 0.2;
    private const int ClicksPerTickMax = 10_000;
    private const long IdsPerMilli = 1_000_000;
    private static readonly TimeSpan s_tick = TimeSpan.FromMilliseconds(20);
    private readonly TransactionGenerator _transactions;
    private readonly ClickGenerator _clicks;
    private readonly SeedTopics _topics;
    private readonly SeedOptions _options;
    private readonly TimeProvider _time;

    // Ids begin with the time of the start: no two seeds write the same one.
    private readonly long _firstId;

    public LiveSeeder(TransactionGenerator transactions, ClickGenerator clicks, SeedTopics topics, SeedOptions options, TimeProvider time)
    {
        (_transactions, _clicks, _topics, _options, _time) = (transactions, clicks, topics, options, time);
        _firstId = time.GetUtcNow().ToUnixTimeMilliseconds() * IdsPerMilli;
    }

    private int Today => (int)(_time.GetUtcNow() - SeedOptions.Epoch).TotalDays;

    /// <summary>Writes transactions until cancelled, and their labels to labels-pending.</summary>
    public async Task TransactionsAsync(IProgress<SeedProgress> progress, CancellationToken cancellation)
    {
        var id = _firstId;
        var buffer = new GeneratedTransaction[LiveTransactions.MaxBatch];
        try
        {
            while (true)
            {
                id = await WeekAsync(id, buffer, progress, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await _topics.FlushTransactionsAsync();
        }
    }

    /// <summary>Writes clicks until cancelled, a fifth as many as transactions.</summary>
    public async Task ClicksAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(s_tick, _time);
        var started = _time.GetTimestamp();
        var written = 0L;
        var source = Endless().GetEnumerator();
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                var due = (long)(_time.GetElapsedTime(started).TotalSeconds * _options.Rate * ClickShare) - written;
                var clicks = new GeneratedClick[Math.Clamp(due, 0, ClicksPerTickMax)];
                for (var i = 0; i < clicks.Length && source.MoveNext(); i++)
                {
                    clicks[i] = source.Current with { Id = _firstId + written++, TimeMillis = _time.GetUtcNow().ToUnixTimeMilliseconds() };
                }

                await _topics.ClicksAsync(clicks, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            await _topics.FlushClicksAsync();
        }
    }

    private async Task<long> WeekAsync(
        long id, GeneratedTransaction[] buffer, IProgress<SeedProgress> progress, CancellationToken cancellation)
    {
        var today = Today;
        var left = (long)_transactions.Day(today).Count * DaysAhead;
        await foreach (var batch in new LiveTransactions(_transactions, today).AtRateAsync(_options.Rate, _time, cancellation))
        {
            for (var i = 0; i < batch.Length; i++)
            {
                buffer[i] = batch.Span[i] with { Id = id++ };
            }

            await _topics.TransactionsAsync(buffer.AsMemory(0, batch.Length), cancellation);
            progress.Report(_topics.Progress(SeedPhase.Live));
            left -= batch.Length;
            if (left <= 0)
            {
                break;
            }
        }

        return id;
    }

    private IEnumerable<GeneratedClick> Endless()
    {
        while (true)
        {
            foreach (var click in _clicks.Days(Today, DaysAhead).SelectMany(day => day))
            {
                yield return click;
            }
        }
    }
}
