using Streaming.Simulation.Generators;

namespace Streaming.Simulation.Seeding;

/// <summary>Writes past days at full speed, day after day: all transactions, and the clicks of the last days.</summary>
internal sealed class HistorySeeder
{
    private const long DayMillis = 86_400_000;
    private readonly TransactionGenerator _transactions;
    private readonly ClickGenerator _clicks;
    private readonly SeedTopics _topics;
    private readonly long _from;
    private readonly long _clicksFrom;
    private readonly long _now;

    /// <param name="transactions">The world's payments.</param>
    /// <param name="clicks">Its clicks.</param>
    /// <param name="topics">Where to.</param>
    /// <param name="options">How much.</param>
    /// <param name="newestMillis">The newest transaction that the log has: the history continues after it.</param>
    /// <param name="nowMillis">Where it ends.</param>
    public HistorySeeder(
        TransactionGenerator transactions,
        ClickGenerator clicks,
        SeedTopics topics,
        SeedOptions options,
        long? newestMillis,
        long nowMillis)
    {
        (_transactions, _clicks, _topics, _now) = (transactions, clicks, topics, nowMillis);
        _from = Math.Max(From(options.History), newestMillis ?? long.MinValue);
        _clicksFrom = Math.Max(_from, From(options.ClickHistory));
    }

    /// <summary>Writes everything from the start of the history until now.</summary>
    public async Task RunAsync(IProgress<SeedProgress> progress, CancellationToken cancellation)
    {
        var (first, last) = (DayOf(_from), DayOf(_now));
        try
        {
            for (var day = first; day <= last && _from < _now; day++)
            {
                cancellation.ThrowIfCancellationRequested();
                await _topics.TransactionsAsync(Transactions(day), cancellation);
                if (DayOf(_clicksFrom) <= day)
                {
                    await _topics.ClicksAsync(Clicks(day), cancellation);
                }

                progress.Report(_topics.Progress(SeedPhase.History, day - first + 1, last - first + 1));
            }
        }
        finally
        {
            // Also when it is cancelled: the log is closed by the caller.
            await _topics.FlushTransactionsAsync();
            await _topics.FlushClicksAsync();
        }
    }

    private static int DayOf(long millis) => (int)((millis - SeedOptions.Epoch.ToUnixTimeMilliseconds()) / DayMillis);

    private long From(TimeSpan history) => Math.Max(_now - (long)history.TotalMilliseconds, SeedOptions.Epoch.ToUnixTimeMilliseconds());

    private GeneratedTransaction[] Transactions(int index)
    {
        var day = _transactions.Day(index);
        var first = FirstAfter(_from, day.Count, row => day.Times[row]);
        var rows = new GeneratedTransaction[FirstAfter(_now, day.Count, row => day.Times[row]) - first];
        for (var row = 0; row < rows.Length; row++)
        {
            rows[row] = day[first + row];
        }

        return rows;
    }

    private ReadOnlyMemory<GeneratedClick> Clicks(int index)
    {
        var day = _clicks.Day(index);
        var first = FirstAfter(_clicksFrom, day.Length, row => day[row].TimeMillis);
        return day.AsMemory(first..FirstAfter(_now, day.Length, row => day[row].TimeMillis));
    }

    // The first row of a day after a time. A day of a large world has a hundred thousand: nothing of it is copied more often than needed.
    private static int FirstAfter(long millis, int rows, Func<int, long> timeOf)
    {
        var (low, high) = (0, rows);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = timeOf(middle) <= millis ? (middle + 1, high) : (low, middle);
        }

        return low;
    }
}
