using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Ingest;
using Streaming.Log;
using Streaming.Simulation.Seeding;

namespace Streaming.Cli.Tests;

public sealed class SeedSpec
{
    private const string World = "--cards 40 --terminals 20";
    private static readonly DateTimeOffset s_now = new(2026, 3, 10, 15, 30, 0, TimeSpan.Zero);
    private static readonly TimeSpan s_week = TimeSpan.FromDays(7);

    [Fact]
    public async Task A_history_is_the_same_records_for_the_same_seed_and_clock()
    {
        using var one = new Cli { Time = new FakeTimeProvider(s_now) };
        using var other = new Cli { Time = new FakeTimeProvider(s_now) };
        using var different = new Cli { Time = new FakeTimeProvider(s_now) };
        await one.RunAsync($"seed {World} --history 9d --rate 0");
        await other.RunAsync($"seed {World} --history 9d --rate 0");
        await different.RunAsync($"seed {World} --history 9d --rate 0 --seed 2");
        foreach (var topic in (string[])["transactions", "clicks", "labels"])
        {
            var records = await BytesAsync(one, topic);
            Assert.NotEmpty(records);
            Assert.Equal(records, await BytesAsync(other, topic));
            Assert.NotEqual(records, await BytesAsync(different, topic));
        }
    }

    [Fact]
    public async Task A_history_ends_now_and_has_the_labels_that_are_known_now()
    {
        using var cli = new Cli { Time = new FakeTimeProvider(s_now) };
        var answer = await cli.RunAsync($"seed {World} --history 9d --rate 0 --json");
        Assert.Equal(ExitCode.Ok, answer.Code);
        var transactions = await Records.ReadAsync(cli, "transactions");
        Assert.All(transactions, t => Assert.InRange(t.Timestamp, s_now.AddDays(-9).ToUnixTimeMilliseconds() + 1, s_now.ToUnixTimeMilliseconds()));
        Assert.True(transactions.Count > 40 * 9);

        var known = s_now.Subtract(s_week).ToUnixTimeMilliseconds();
        var expected = transactions.Where(t => t.Timestamp <= known).Select(t => (string)t["event_id"]!).Order();
        var labels = await Records.ReadAsync(cli, "labels");
        Assert.Equal(expected, labels.Select(l => (string)l["transaction_id"]!).Order());
        Assert.All(labels, l => Assert.Equal(((DateTime)l["transaction_ts"]!).Add(s_week), (DateTime)l["labelled_at"]!));

        var waiting = await Records.ReadAsync(cli, "labels-pending", "labels");
        Assert.Equal(transactions.Select(t => (string)t["event_id"]!).Order(), waiting.Select(l => (string)l["transaction_id"]!).Order());
        using var json = JsonDocument.Parse(answer.Out);
        Assert.Equal(transactions.Count, json.RootElement.GetProperty("transactions").GetInt32());
        Assert.Equal(labels.Count, json.RootElement.GetProperty("labels").GetInt32());
    }

    [Theory]
    [InlineData("--history 2d")]
    [InlineData("--history 0")]
    public async Task A_seed_without_live_events_never_says_that_it_is_live(string history)
    {
        using var cli = new Cli { Time = new FakeTimeProvider(s_now) };
        var answer = await cli.RunAsync($"seed {World} {history} --rate 0");
        Assert.Equal(ExitCode.Ok, answer.Code);
        Assert.DoesNotContain("live,", answer.Error, StringComparison.Ordinal);
        var counts = answer.Out[..answer.Out.IndexOf(" written in", StringComparison.Ordinal)].Replace(" and", ",", StringComparison.Ordinal);
        Assert.Equal($"seed: history written, {counts}; no live events at a rate of 0", answer.Fault);
    }

    [Fact]
    public async Task Labels_are_keyed_by_terminal_clicks_by_user_transactions_by_card()
    {
        using var cli = new Cli { Time = new FakeTimeProvider(s_now) };
        await cli.RunAsync($"seed {World} --history 8d --rate 0");
        Assert.All(await Records.ReadAsync(cli, "transactions"), t => Assert.Equal(t["card_id"], t.Key));
        Assert.All(await Records.ReadAsync(cli, "clicks"), c => Assert.Equal(c["user_id"], c.Key));
        Assert.All(await Records.ReadAsync(cli, "labels"), l => Assert.Equal(l["terminal_id"], l.Key));
        Assert.All(await Records.ReadAsync(cli, "transactions"), t => Assert.Null(t["fraud"]));
    }

    [Fact]
    public async Task A_later_seed_writes_what_is_missing_since_the_newest_transaction()
    {
        var clock = new FakeTimeProvider(s_now.AddDays(-3));
        using var cli = new Cli { Time = clock };
        using var whole = new Cli { Time = new FakeTimeProvider(s_now) };
        await cli.RunAsync($"seed {World} --history 6d --rate 0");
        await cli.RunAsync($"seed {World} --history 6d --rate 0");
        clock.Advance(TimeSpan.FromDays(3));
        await cli.RunAsync($"seed {World} --history 9d --rate 0");
        await whole.RunAsync($"seed {World} --history 9d --rate 0");
        foreach (var topic in (string[])["transactions", "labels"])
        {
            Assert.Equal((await BytesAsync(whole, topic)).Order(), (await BytesAsync(cli, topic)).Order());
        }
    }

    [Fact]
    public async Task Live_events_happen_now_and_no_two_runs_share_an_id()
    {
        using var cli = new Cli();
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        Assert.Equal(ExitCode.Ok, (await cli.RunAsync($"seed {World} --history 0 --rate 200 --duration 1s")).Code);
        Assert.Equal(ExitCode.Ok, (await cli.RunAsync($"seed {World} --history 0 --rate 200 --duration 1s")).Code);
        var after = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (var (topic, id) in ((string, string)[])[("transactions", "event_id"), ("clicks", "event_id")])
        {
            var records = await Records.ReadAsync(cli, topic);
            Assert.NotEmpty(records);
            Assert.All(records, record => Assert.InRange(record.Timestamp, before, after));
            Assert.Equal(records.Count, records.Select(record => record[id]).Distinct().Count());
        }

        Assert.Empty(await Records.ReadAsync(cli, "labels"));
        Assert.Equal((await Records.ReadAsync(cli, "transactions")).Count, (await Records.ReadAsync(cli, "labels-pending", "labels")).Count);
    }

    [Fact]
    public async Task Labels_that_fall_due_are_sent_once_also_after_a_restart()
    {
        var clock = new FakeTimeProvider(s_now);
        using var cli = new Cli { Time = clock };
        await cli.RunAsync($"seed {World} --history 8d --rate 0");
        clock.Advance(TimeSpan.FromDays(2));
        var known = clock.GetUtcNow().Subtract(s_week).ToUnixTimeMilliseconds();
        var expected = (await Records.ReadAsync(cli, "transactions")).Where(t => t.Timestamp <= known).Select(t => (string)t["event_id"]!).Order().ToList();

        await ForwardAsync(cli, clock, expected.Count);
        clock.Advance(TimeSpan.FromMilliseconds(1));
        await ForwardAsync(cli, clock, expected.Count);
        var labels = await Records.ReadAsync(cli, "labels");
        Assert.Equal(expected, labels.Select(l => (string)l["transaction_id"]!).Order());
        Assert.All(labels, l => Assert.Equal(new DateTimeOffset((DateTime)l["labelled_at"]!).ToUnixTimeMilliseconds(), l.Timestamp));
    }

    [Fact]
    public async Task Labels_that_were_sent_when_the_seed_was_told_to_stop_are_not_sent_again()
    {
        var clock = new FakeTimeProvider(s_now);
        using var cli = new Cli { Time = clock };
        await cli.RunAsync($"seed {World} --history 6d --rate 0");
        clock.Advance(TimeSpan.FromDays(3));
        using var stop = new CancellationTokenSource();
        await using (var connection = Settings(cli).Connect())
        {
            var log = new StoppingLog(connection.Log, stop);
            var stopping = new EventConnection(log, connection.Registry, ImmutableSortedDictionary<string, int>.Empty) { SeedLeaseFile = connection.SeedLeaseFile };
            await new PendingLabels(stopping, s_week, clock).RunAsync(stop.Token);
        }

        var sent = (await Records.ReadAsync(cli, "labels")).Count;
        Assert.True(sent > 0);
        await cli.RunAsync($"seed {World} --history 0 --rate 0");
        var labels = await Records.ReadAsync(cli, "labels");
        Assert.True(labels.Count >= sent);
        Assert.Equal(labels.Count, labels.Select(l => (string)l["transaction_id"]!).Distinct().Count());
    }

    [Fact]
    public async Task A_second_seed_into_the_same_log_is_refused()
    {
        using var cli = new Cli { Time = new FakeTimeProvider(s_now) };
        await cli.RunAsync($"seed {World} --history 1d --rate 0");
        var settings = Settings(cli);
        CliAnswer answer;
        await using (var connection = settings.Connect())
        {
            using var first = SeedLease.Take(connection.SeedLeaseFile);
            answer = await cli.RunAsync($"seed {World} --history 2d --rate 0");
        }

        Assert.Equal(ExitCode.Failed, answer.Code);
        Assert.Contains("another seed already writes into this log", answer.Fault, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, (await cli.RunAsync($"seed {World} --history 2d --rate 0")).Code);
    }

    [Fact]
    public async Task A_history_that_is_interrupted_goes_on_without_repeating_a_label()
    {
        using var cli = new Cli { Time = new FakeTimeProvider(s_now) };
        using var stop = new CancellationTokenSource();
        await using (var connection = Settings(cli).Connect())
        {
            var log = new StoppingLog(connection.Log, stop);
            var stopping = new EventConnection(log, connection.Registry, ImmutableSortedDictionary<string, int>.Empty) { SeedLeaseFile = connection.SeedLeaseFile };
            var options = new SeedOptions { Cards = 40, Terminals = 20, History = TimeSpan.FromDays(3), Rate = 0 };
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new Seeder(stopping, options, cli.Time).RunAsync(new Silent(), stop.Token));
        }

        Assert.Equal(ExitCode.Ok, (await cli.RunAsync($"seed {World} --history 3d --rate 0")).Code);
        var transactions = (await Records.ReadAsync(cli, "transactions")).Select(t => (string)t["event_id"]!).Order();
        Assert.Equal(transactions, (await Records.ReadAsync(cli, "labels-pending", "labels")).Select(l => (string)l["transaction_id"]!).Order());
    }

    [Fact]
    public async Task Transactions_have_what_is_known_of_their_terminal()
    {
        using var cli = new Cli { Time = new FakeTimeProvider(s_now) };
        await cli.RunAsync($"seed {World} --history 2d --rate 0");
        var transactions = await Records.ReadAsync(cli, "transactions");
        Assert.All(transactions, t => Assert.Matches("^[0-9]{4}$", (string)t["mcc"]!));
        Assert.All(transactions, t => Assert.Matches("^[A-Z]{2}$", (string)t["country"]!));
        Assert.All(transactions, t => Assert.Contains((string)t["channel"]!, (string[])["pos", "online"]));
        Assert.All(transactions.GroupBy(t => (string)t["terminal_id"]!), one => Assert.Single(one.Select(t => (t["mcc"], t["country"], t["channel"])).Distinct()));
    }

    private static CliSettings Settings(Cli cli) => CliSettings.Load("none.hocon", asked: false, name => name == "STREAMING_DATA" ? cli.Data : null);

    /// <summary>Runs the label office until the topic has the labels, with a bound.</summary>
    private static async Task ForwardAsync(Cli cli, TimeProvider clock, int labels)
    {
        await using var connection = Settings(cli).Connect();
        using var stop = new CancellationTokenSource();
        var office = new PendingLabels(connection, s_week, clock).RunAsync(stop.Token);
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (await CountAsync(connection.Log, bound.Token) < labels)
        {
            await Task.Yield();
        }

        await stop.CancelAsync();
        await office;
    }

    private static async Task<long> CountAsync(IEventLog log, CancellationToken cancellation)
    {
        var count = 0L;
        for (var partition = 0; partition < (await log.DescribeTopicAsync("labels", cancellation))!.Partitions; partition++)
        {
            count += await log.EndOffsetAsync(new TopicPartition("labels", partition), cancellation);
        }

        return count;
    }

    private static async Task<List<string>> BytesAsync(Cli cli, string topic) =>
        [.. (await Records.ReadAsync(cli, topic)).Select(r => $"{r.Key} {r.Timestamp} {Convert.ToHexString(r.Bytes)}")];

    private sealed class Silent : IProgress<SeedProgress>
    {
        public void Report(SeedProgress value)
        {
            // Nobody watches.
        }
    }
}
