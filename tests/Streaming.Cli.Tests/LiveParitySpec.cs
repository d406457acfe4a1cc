using System.Globalization;
using System.Text;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Events;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;
using Streaming.Log;
using Streaming.Log.Embedded;

namespace Streaming.Cli.Tests;

/// <summary>Every answer of a whole node under traffic against its log: from the first engine, after a switch, and from snapshots.</summary>
public sealed class LiveParitySpec
{
    private const string Settings = """
        streaming.engine { unknown-schema-wait = 50ms, checkpoint-interval = 50ms, commit-interval = 50ms }
        streaming.parity { share = 1, interval = 100ms, queue-limit = 100000, events-per-second = 100000000 }
        """;

    private const long Day = 24 * 3600 * 1000L;
    private static readonly long s_start = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private readonly RecordWriter<Transaction> _transactions = RecordWriter.Compile<Transaction>(EventSchemas.Transaction);
    private readonly RecordWriter<Label> _labels = RecordWriter.Compile<Label>(EventSchemas.Label);
    private readonly Random _random = new(5);
    private readonly List<Transaction> _sent = [];

    [Fact]
    public async Task Answers_of_each_engine_and_after_a_restart_are_what_the_log_gives()
    {
        using var cli = new Cli();
        Directory.CreateDirectory(cli.Data);
        var registry = new EmbeddedSchemaRegistry(Path.Combine(cli.Data, "registry"));
        var ids = (await IdAsync(registry, EventSchemas.Transactions), await IdAsync(registry, EventSchemas.Labels));
        await using var log = EmbeddedEventLog.Open(new EmbeddedLogSettings(Path.Combine(cli.Data, "events.db")));
        await using (var node = await RunningNode.StartAsync(cli, Settings))
        {
            using var client = new HttpClient { BaseAddress = node.Url };
            await Eventually.TrueAsync("ready", async () => (await client.GetAsync("/health/ready")).IsSuccessStatusCode, () => node.Output);
            await TrafficAsync(log, ids, client);
            await AssertSameAsync(client, node, 50);

            var switched = await cli.RunAsync($"replay from beginning {node.Config}");
            Assert.True(switched.Code == Shell.ExitCode.Ok, switched.Error);
            await TrafficAsync(log, ids, client);
            await AssertSameAsync(client, node, 100);
        }

        await using var again = await RunningNode.StartAsync(cli, Settings);
        using var next = new HttpClient { BaseAddress = again.Url };
        await Eventually.TrueAsync("ready", async () => (await next.GetAsync("/health/ready")).IsSuccessStatusCode, () => again.Output);
        await TrafficAsync(log, ids, next);
        await AssertSameAsync(next, again, 50);
    }

    // Late, repeated and correcting events, and bytes that are no event, with reads and scores between them.
    private async Task TrafficAsync(EmbeddedEventLog log, (int Transaction, int Label) ids, HttpClient client)
    {
        for (var i = 0; i < 40; i++)
        {
            var (transactions, labels, value) = (new RecordBatch(), new RecordBatch(), new AvroBuffer());
            for (var n = 0; n < 10; n++)
            {
                var isAgain = _sent.Count > 0 && _random.Next(6) == 0;
                var sent = isAgain ? _sent[_random.Next(_sent.Count)] : Next();
                value.Clear();
                _transactions.Write(sent, ids.Transaction, value);
                transactions.Add(0, Clock, Encoding.UTF8.GetBytes(sent.CardId), _random.Next(30) == 0 ? value.Written[..^3] : value.Written);
                value.Clear();
                _labels.Write(LabelOf(sent), ids.Label, value);
                labels.Add(0, Clock, Encoding.UTF8.GetBytes(sent.TerminalId), value.Written);
            }

            await log.AppendAsync(EventSchemas.Transactions, transactions, CancellationToken.None);
            await log.AppendAsync(EventSchemas.Labels, labels, CancellationToken.None);
            using var score = new StringContent($$"""{"card_id":"card-{{_random.Next(9)}}","terminal_id":"t{{_random.Next(4)}}","amount":20}""", null, "application/json");
            using var scored = await client.PostAsync("/score", score);
            Assert.True(scored.IsSuccessStatusCode, await scored.Content.ReadAsStringAsync());
            await client.GetStringAsync($"/features/card/card-{_random.Next(9)}");
            await client.GetStringAsync($"/features/terminal/t{_random.Next(4)}?at={Clock - _random.NextInt64(Day / 2)}");
        }
    }

    private long Clock => s_start + (_sent.Count * 600_000L);

    private Transaction Next()
    {
        var ago = _random.Next(4) == 0 ? _random.NextInt64(40 * Day) : 0;
        var sent = new Transaction
        {
            EventId = $"e{_sent.Count}",
            CardId = $"card-{_random.Next(8)}",
            TerminalId = $"t{_random.Next(3)}",
            Amount = _random.Next(1, 10_000) / 100.0,
            Ts = new EventTime(Clock - ago),
        };
        _sent.Add(sent);
        return sent;
    }

    private Label LabelOf(Transaction transaction) => new()
    {
        TransactionId = transaction.EventId,
        CardId = transaction.CardId,
        TerminalId = transaction.TerminalId,
        TransactionTs = transaction.Ts,
        Fraud = _random.Next(2) == 0,
        LabelledAt = new EventTime(Clock),
    };

    private static async Task AssertSameAsync(HttpClient client, RunningNode node, int atLeast)
    {
        // All that was drawn is compared or skipped once a later answer is.
        await Eventually.TrueAsync(
            "compared",
            async () =>
            {
                await client.GetStringAsync("/features/card/card-1");
                return await CountAsync(client, "compared_total") >= atLeast;
            },
            () => node.Output);
        Assert.Equal(0, await CountAsync(client, "mismatches_total"));
        Assert.Equal(0, await CountAsync(client, "skipped_total{reason=\"failed\"}"));
        Assert.DoesNotContain("Live parity", node.Output, StringComparison.Ordinal);
    }

    private static async Task<double> CountAsync(HttpClient client, string counter) => double.Parse(
        (await client.GetStringAsync("/metrics")).Split('\n').Single(line => line.StartsWith($"streaming_parity_{counter} ", StringComparison.Ordinal)).Split(' ')[1],
        CultureInfo.InvariantCulture);

    private static async Task<int> IdAsync(EmbeddedSchemaRegistry registry, string topic) => Assert.IsType<RegistryResult<int>.Found>(
        await registry.RegisterAsync(EventSchemas.SubjectOf(topic), EventSchemas.ByTopic[topic], CancellationToken.None)).Value;
}
