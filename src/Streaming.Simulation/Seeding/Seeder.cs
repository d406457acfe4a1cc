using Streaming.Ingest;
using Streaming.Simulation.Generators;

namespace Streaming.Simulation.Seeding;

/// <summary>
/// Writes a simulated world into the log: first days that are past, then what happens now. The world is a function of the seed; a past
/// day's events and ids are too, so that the same days are the same records wherever they are written.
/// </summary>
public sealed class Seeder
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
            Drift = options.Drift,
            DriftFromDay = (int)(time.GetUtcNow() - SeedOptions.Epoch).TotalDays - options.DriftDays,
        });
        _clicks = new ClickGenerator(new ClickGeneratorOptions { Users = options.Cards, Seed = options.Seed, Start = SeedOptions.Epoch });
    }

    /// <summary>Writes history and live events until the duration is over or the call is cancelled.</summary>
    /// <param name="progress">Receives what was written, from time to time.</param>
    /// <param name="cancellation">Stops it; events that are being sent are still written.</param>
    /// <exception cref="IngestException">Another seed writes into the log, or the registry refuses a schema or does not answer.</exception>
    public async Task RunAsync(IProgress<SeedProgress> progress, CancellationToken cancellation)
    {
        using var lease = SeedLease.Take(_connection.SeedLeaseFile);
        var topics = await SeedTopics.OpenAsync(_connection, _transactions, cancellation);
        var pending = new PendingLabels(_connection, _options.LabelDelay, _time);
        var relay = new Relay(progress, pending);
        if (_options.History > TimeSpan.Zero)
        {
            var newest = await _connection.NewestMillisAsync(TopicContract.Transactions.Name, cancellation);
            await new HistorySeeder(_transactions, _clicks, topics, _options, newest, _time.GetUtcNow().ToUnixTimeMilliseconds())
                .RunAsync(relay, cancellation);
        }

        // The labels of the history are a part of it.
        await pending.DrainAsync(cancellation);
        if (_options.Rate == 0)
        {
            relay.Report(topics.Progress(SeedPhase.Ended));
            return;
        }

        relay.Report(topics.Progress(SeedPhase.Live));
        await LiveAsync(topics, pending, relay, cancellation);
        relay.Report(topics.Progress(SeedPhase.Live));
    }

    private async Task LiveAsync(SeedTopics topics, PendingLabels pending, Relay progress, CancellationToken cancellation)
    {
        using var timer = _options.Duration is { } duration ? new CancellationTokenSource(duration, _time) : new CancellationTokenSource();
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation, timer.Token);
        var live = new LiveSeeder(_transactions, _clicks, topics, _options, _time);
        await Task.WhenAll(live.TransactionsAsync(progress, ending.Token), live.ClicksAsync(ending.Token), pending.RunAsync(ending.Token));
    }

    /// <summary>Adds the labels that were sent.</summary>
    private sealed class Relay(IProgress<SeedProgress> progress, PendingLabels pending) : IProgress<SeedProgress>
    {
        public void Report(SeedProgress value) => progress.Report(value with { Labels = pending.Sent });
    }
}

