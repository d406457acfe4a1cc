using Streaming.Offline.Generators;

namespace Streaming.Cli.Seeding;

/// <summary>
/// Writes past days at full speed, day after day: transactions, clicks, and the labels that became known on that day. Labels that are
/// not known yet go where they wait.
/// </summary>
internal sealed class HistorySeeder
{
    private const long DayMillis = 86_400_000;
    private readonly TransactionGenerator _transactions;
    private readonly ClickGenerator _clicks;
    private readonly SeedFeeds _feeds;
    private readonly Dictionary<int, GeneratedTransaction[]> _days = [];
    private readonly long _delayMillis;
    private readonly long _start;
    private readonly long _now;

    public HistorySeeder(TransactionGenerator transactions, ClickGenerator clicks, SeedFeeds feeds, SeedOptions options, TimeProvider time)
    {
        (_transactions, _clicks, _feeds) = (transactions, clicks, feeds);
        _now = time.GetUtcNow().ToUnixTimeMilliseconds();
        _start = Math.Max(_now - (long)options.History.TotalMilliseconds, SeedOptions.Epoch.ToUnixTimeMilliseconds());
        _delayMillis = (long)options.LabelDelay.TotalMilliseconds;
    }

    /// <summary>Writes everything from the start of the history until now.</summary>
    public async Task RunAsync(IProgress<SeedProgress> progress, CancellationToken cancellation)
    {
        var (first, last) = (DayOf(_start), DayOf(_now));
        for (var day = first; day <= last; day++)
        {
            cancellation.ThrowIfCancellationRequested();
            var (from, until) = (Math.Max(MillisOf(day) - 1, _start), Math.Min(MillisOf(day + 1) - 1, _now));
            await _feeds.TransactionsAsync(Between(from, until), cancellation);
            await _feeds.LabelsAsync(Between(Math.Max(from - _delayMillis, _start), until - _delayMillis), areKnown: true, cancellation);
            await _feeds.ClicksAsync(ClicksBetween(day, from, until), cancellation);
            progress.Report(_feeds.Progress(isLive: false, day - first + 1, last - first + 1));
            Forget(DayOf(until - _delayMillis));
        }

        await _feeds.LabelsAsync(Between(Math.Max(_now - _delayMillis, _start), _now), areKnown: false, cancellation);
        await _feeds.FlushTransactionsAsync();
        await _feeds.FlushClicksAsync();
    }

    private static long MillisOf(int day) => SeedOptions.Epoch.ToUnixTimeMilliseconds() + (day * DayMillis);

    private static int DayOf(long millis) => (int)Math.Max(0, (millis - SeedOptions.Epoch.ToUnixTimeMilliseconds()) / DayMillis);

    /// <summary>Transactions with <c>from &lt; time &lt;= until</c>, in order.</summary>
    private GeneratedTransaction[] Between(long fromExclusive, long untilInclusive)
    {
        var found = new List<GeneratedTransaction>();
        for (var day = DayOf(fromExclusive); fromExclusive < untilInclusive && day <= DayOf(untilInclusive); day++)
        {
            found.AddRange(Day(day).Where(transaction => transaction.TimeMillis > fromExclusive && transaction.TimeMillis <= untilInclusive));
        }

        return [.. found];
    }

    private GeneratedClick[] ClicksBetween(int day, long fromExclusive, long untilInclusive) =>
        [.. _clicks.Day(day).Where(click => click.TimeMillis > fromExclusive && click.TimeMillis <= untilInclusive)];

    private GeneratedTransaction[] Day(int index)
    {
        if (!_days.TryGetValue(index, out var rows))
        {
            var day = _transactions.Day(index);
            rows = _days[index] = [.. Enumerable.Range(0, day.Count).Select(row => day[row])];
        }

        return rows;
    }

    /// <summary>Days before a day are needed no more: their labels are written.</summary>
    private void Forget(int before)
    {
        foreach (var day in _days.Keys.Where(day => day < before).ToList())
        {
            _days.Remove(day);
        }
    }
}
