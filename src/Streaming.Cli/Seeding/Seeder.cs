using Streaming.Cli.Feeding;
using Streaming.Offline.Generators;

namespace Streaming.Cli.Seeding;

/// <summary>
/// Writes a simulated world into the log: first days that are past, then what happens now. The world is a function of the seed; a past
/// day's events and ids are too, so that the same days are the same records wherever they are written.
/// </summary>
internal sealed class Seeder
{
    private readonly EventConnection _connection;
    private readonly SeedOptions _options;
    private readonly TimeProvider _time;
    private readonly TransactionGenerator _transactions;
    private readonly ClickGenerator _clicks;

    /// <param name="connection">Where to.</param>
    /// <param name="options">What.</param>
    /// <param name="time">The clock: event times of live events, and where the past ends.</param>
    public Seeder(EventConnection connection, SeedOptions options, TimeProvider time)
    {
        (_connection, _options, _time) = (connection, options, time);
        _transactions = new TransactionGenerator(new TransactionGeneratorOptions
        {
            Cards = options.Cards,
            Terminals = options.Terminals,
            Seed = options.Seed,
            Start = SeedOptions.Epoch,
            LabelDelay = options.LabelDelay,
        });
        _clicks = new ClickGenerator(new ClickGeneratorOptions { Users = options.Cards, Seed = options.Seed, Start = SeedOptions.Epoch });
    }

    /// <summary>Writes history and live events until the duration is over or the call is cancelled.</summary>
    /// <param name="progress">Told what was written, now and then.</param>
    /// <param name="cancellation">Ends it; what is on its way is written.</param>
    /// <exception cref="Shell.CliFailure">Another seed writes into the log, or the registry refuses a schema or does not answer.</exception>
    public async Task RunAsync(IProgress<SeedProgress> progress, CancellationToken cancellation)
    {
        using var lease = SeedLease.Take(_connection.SeedLeaseFile);
        var feeds = await SeedFeeds.OpenAsync(_connection, _transactions, cancellation);
        var office = new LabelOffice(_connection, _options.LabelDelay, _time);
        var relay = new Relay(progress, office);
        if (_options.History > TimeSpan.Zero)
        {
            var newest = await _connection.NewestMillisAsync(FedTopic.Transactions.Name, cancellation);
            await new HistorySeeder(_transactions, _clicks, feeds, _options, newest, _time.GetUtcNow().ToUnixTimeMilliseconds()).RunAsync(relay, cancellation);
        }

        if (_options.Rate == 0)
        {
            await office.DrainAsync(cancellation);
            relay.Report(feeds.Progress(SeedPhase.Ended));
            return;
        }

        relay.Report(feeds.Progress(SeedPhase.Live));
        await LiveAsync(feeds, office, relay, cancellation);
        relay.Report(feeds.Progress(SeedPhase.Live));
    }

    private async Task LiveAsync(SeedFeeds feeds, LabelOffice office, Relay progress, CancellationToken cancellation)
    {
        using var timer = _options.Duration is { } duration ? new CancellationTokenSource(duration, _time) : new CancellationTokenSource();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timer.Token);
        var live = new LiveSeeder(_transactions, _clicks, feeds, _options, _time);
        await Task.WhenAll(live.TransactionsAsync(progress, ending.Token), live.ClicksAsync(ending.Token), office.RunAsync(ending.Token));
    }

    /// <summary>Adds the labels that the office has sent.</summary>
    private sealed class Relay(IProgress<SeedProgress> progress, LabelOffice office) : IProgress<SeedProgress>
    {
        public void Report(SeedProgress value) => progress.Report(value with { Labels = office.Sent });
    }
}

/// <summary>How far a seed is.</summary>
/// <param name="Phase">What it writes.</param>
/// <param name="Transactions">Transactions written.</param>
/// <param name="Clicks">Clicks written.</param>
/// <param name="DaysDone">Days of history written.</param>
/// <param name="Days">Days of history.</param>
internal readonly record struct SeedProgress(SeedPhase Phase, long Transactions, long Clicks, int DaysDone, int Days)
{
    /// <summary>Labels that came; those that wait do not count.</summary>
    public long Labels { get; init; }
}
