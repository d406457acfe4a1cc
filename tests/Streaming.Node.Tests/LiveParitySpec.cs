using System.Globalization;
using System.Reflection;
using Streaming.Features.Plans;
using Streaming.Log;
using Streaming.Node.Settings;
using Streaming.Node.Tests.Fakes;
using Streaming.Persistence.Conformance;

namespace Streaming.Node.Tests;

/// <summary>Answers of a node against its log, beside.</summary>
public sealed class LiveParitySpec : IDisposable
{
    private const string All = "share = 1, interval = 10ms, events-per-second = 100000000";
    private const string Card = "4929123412341234";
    private static readonly long s_start = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Right_answers_are_compared_and_no_line_is_written()
    {
        await using var node = await ParityNode.StartAsync(_folder, All);
        await node.ApplyAsync(Transaction("a", 0, "DE"), Transaction("b", 60, "FR"), Transaction("a", 0, "DE"));
        await node.ReadAsync($"card/{Card}");
        await node.ReadAsync("card/new");
        await node.ScoreAsync($$"""{"card_id":"{{Card}}","terminal_id":"t1","amount":300,"currency":"USD"}""");
        await node.ScoreAsync($$"""{"card_id":"{{Card}}","event_id":"b","amount":300}""");
        await node.ComparedAsync(4);
        Assert.Equal((4, 0, 0), (await node.CountAsync("compared_total"), await node.CountAsync("mismatches_total"), await node.CountAsync("skipped_total")));
        Assert.DoesNotContain(node.Lines.Lines, line => line.Contains("Live parity", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("number", "card_activity.tx_count_7d of card/****1234", "was answered as 3 (Present, 2024-01-01T00:01:00.000Z)", "the log gives 2 (Present, 2024-01-01T00:01:00.000Z)")]
    [InlineData("text", "card_activity.country of card/****1234", "was answered as XX (", "the log gives FR (")]
    [InlineData("time", "card_activity.tx_count_7d of card/****1234", "2 (Present, 2024-01-01T00:01:00.001Z)", "the log gives 2 (Present, 2024-01-01T00:01:00.000Z)")]
    public async Task A_wrong_answer_is_a_line_with_both_values_and_counts(string kind, string what, string answered, string log)
    {
        await using var node = await ParityNode.StartAsync(_folder, All);
        await node.ApplyAsync(Transaction("a", 0, "DE"), Transaction("b", 60, "FR"));
        var feature = kind == "text" ? "card_activity.country" : "card_activity.tx_count_7d";
        node.Store.Alter = (read, values) => Change(read, values, feature, value => kind switch
        {
            "number" => value with { Number = value.Number + 1 },
            "text" => value with { Text = "XX" },
            _ => value with { EventTimeMillis = value.EventTimeMillis + 1 },
        });
        await node.ReadAsync($"card/{Card}");
        await node.ComparedAsync(1);
        Assert.Equal((1, 1), (await node.CountAsync("compared_total"), await node.CountAsync("mismatches_total")));
        var line = Assert.Single(node.Lines.Lines, line => line.StartsWith("Error", StringComparison.Ordinal));
        Assert.All([what, answered, log], part => Assert.Contains(part, line, StringComparison.Ordinal));
        Assert.DoesNotContain(Card, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_score_on_a_wrong_value_counts()
    {
        await using var node = await ParityNode.StartAsync(_folder, All);
        await node.ApplyAsync(Transaction("a", 0, "DE"));
        node.Store.Alter = (read, values) => Change(read, values, "card_activity.amount_avg_7d", value => value with { Number = 11 });
        await node.ScoreAsync($$"""{"card_id":"{{Card}}","amount":300}""");
        await node.ComparedAsync(1);
        Assert.Equal(1, await node.CountAsync("mismatches_total"));
        Assert.Contains(node.Lines.Lines, line => line.Contains("amount_avg_7d of card/****1234 at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Answers_from_snapshots_are_compared_with_the_same_log()
    {
        var store = new MemoryStore();
        await using (var first = await ParityNode.StartAsync(_folder, All, store))
        {
            await first.ApplyAsync(Transaction("a", 0, "DE"), Transaction("b", 60, "FR"));
            await Eventually.TrueAsync("durable", async () => (await first.Client.GetStringAsync("/metrics")).Split('\n')
                .Where(line => line.StartsWith("streaming_restart_events{topic=\"transactions\"", StringComparison.Ordinal))
                .All(line => line.EndsWith(" 0", StringComparison.Ordinal)));
        }

        await using var second = await ParityNode.StartAsync(_folder, All, store);
        await second.ReadAsync($"card/{Card}");
        await second.ReadAsync($"card/{Card}", "?at=2024-01-01T00:00:30Z");
        await second.ApplyAsync(Transaction("c", 120, "FR"));
        await second.ReadAsync($"card/{Card}");
        await second.ComparedAsync(3);
        Assert.Equal((3, 0, 0), (await second.CountAsync("compared_total"), await second.CountAsync("mismatches_total"), await second.CountAsync("skipped_total")));
    }

    [Fact]
    public async Task What_does_not_fit_in_the_queue_is_counted_and_answered_all_the_same()
    {
        await using var node = await ParityNode.StartAsync(_folder, "share = 1, interval = 1h, queue-limit = 2");
        for (var i = 0; i < 5; i++)
        {
            await node.ReadAsync("card/c");
        }

        Assert.Equal((3, 0), (await node.CountAsync("skipped_total{reason=\"queue_full\"}"), await node.CountAsync("compared_total")));
    }

    [Fact]
    public async Task A_share_of_0_draws_nothing()
    {
        await using var node = await ParityNode.StartAsync(_folder, "share = 0, interval = 10ms");
        for (var i = 0; i < 20; i++)
        {
            await node.ReadAsync("card/c");
        }

        Assert.Equal((0, 0), (await node.CountAsync("skipped_total"), await node.CountAsync("compared_total")));
        Assert.Null(node.Sampler);
    }

    [Fact]
    public async Task A_log_that_is_away_is_told_and_the_answers_are_counted_as_skipped()
    {
        await using var node = await ParityNode.StartAsync(_folder, All, history: DispatchProxy.Create<IEventLog, AwayLog>());
        await node.ApplyAsync(Transaction("a", 0, "DE"));
        await node.ReadAsync($"card/{Card}");
        await Eventually.TrueAsync(
            "skipped", async () => await node.CountAsync("skipped_total{reason=\"log_away\"}") == 1, () => string.Join('\n', node.Lines.Lines));
        await Eventually.TrueAsync(
            "told",
            () => node.Lines.Lines.Any(line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("1 answers are not compared", StringComparison.Ordinal)),
            () => string.Join('\n', node.Lines.Lines));
    }

    [Theory]
    [InlineData("share = 1.5", "streaming.parity.share")]
    [InlineData("share = -0.1", "streaming.parity.share")]
    [InlineData("share = little", "streaming.parity.share")]
    [InlineData("queue-limit = 0", "streaming.parity.queue-limit")]
    [InlineData("interval = 1ms", "streaming.parity.interval")]
    [InlineData("events-per-second = 0", "streaming.parity.events-per-second")]
    public void A_wrong_setting_is_refused_with_its_place(string setting, string key)
    {
        var (settings, faults) = NodeSettings.Create(new Configuration(NodeSettings.References.Insert(0, ("a.hocon", $"streaming.parity {{\n  {setting}\n}}")), _ => null));
        Assert.Null(settings);
        var fault = Assert.Single(faults);
        Assert.Contains(key, fault.Message, StringComparison.Ordinal);
        Assert.StartsWith("a.hocon:2:", fault.Position.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A log whose every call fails.</summary>
    public class AwayLog : DispatchProxy
    {
        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => throw new EventLogException("it is away", retriable: true);
    }

    private static string Transaction(string id, int second, string country) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{"event_id":"{{id}}","card_id":"{{Card}}","terminal_id":"t1","amount":10,"country":"{{country}}","ts":{{s_start + (second * 1000)}}}""");

    private static void Change(EntityReadPlan read, FeatureValue[] values, string feature, Func<FeatureValue, FeatureValue> change)
    {
        if (read.Features.IndexOf(feature) is >= 0 and var index)
        {
            values[read.Slots[index]] = change(values[read.Slots[index]]);
        }
    }
}
