using System.Text.Json;
using Streaming.Cli.Shell;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Events;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;
using Streaming.Log;
using Streaming.Log.Kafka;

namespace Streaming.Cli.Tests;

/// <summary>A node on a real broker sets events aside, and the command shows them while it runs.</summary>
public sealed class KafkaDeadLettersSpec(OwnBroker broker) : IClassFixture<OwnBroker>
{
    private const string Card = "4929123412341234";
    private static readonly TopicPartition s_partition = new(EventSchemas.Transactions, 0);

    [SkippableFact]
    public async Task Events_bad_by_several_reasons_are_shown_with_their_origin_newest_first()
    {
        Skip.If(broker.SkipReason is not null, broker.SkipReason);
        using var cli = new Cli();
        cli["KAFKA_BOOTSTRAP_SERVERS"] = broker.Bootstrap!;
        await File.WriteAllTextAsync(cli.PathOf("a.hocon"), "streaming.engine.unknown-schema-wait = 50ms");
        var none = await cli.RunAsync("dead-letters");
        Assert.Equal((ExitCode.Ok, "there are no dead letters\n", ""), (none.Code, none.Out, none.Error));

        var reasons = await AppendMistakesAsync(cli);
        using var stop = new CancellationTokenSource();
        await using var output = new SharedText();
        var node = cli.RunAsync($"run --port 0 --config {cli.PathOf("a.hocon")}", output, stop.Token);
        await Eventually.TrueAsync("all are set aside", async () => node.IsCompleted || await TotalAsync(cli) == reasons.Count, () => output.ToString());
        Assert.False(node.IsCompleted, node.IsCompleted ? (await node).Error : "");

        using var json = JsonDocument.Parse((await cli.RunAsync("dead-letters --json")).Out);
        var letters = json.RootElement.GetProperty("dead_letters").EnumerateArray().ToList();
        Assert.Equal(
            Enumerable.Range(0, reasons.Count).Reverse().Select(offset => ("transactions", 0, (long)offset, reasons[offset], "****1234")),
            letters.Select(letter => (Text(letter, "topic"), letter.GetProperty("partition").GetInt32(), letter.GetProperty("offset").GetInt64(), Text(letter, "reason"), Text(letter, "key"))));
        Assert.Equal("2024-01-01T00:00:00.000Z", Text(letters[^1], "timestamp"));

        var table = await cli.RunAsync("dead-letters --limit 2");
        Assert.Equal((ExitCode.Ok, ""), (table.Code, table.Error));
        Assert.Matches($@"^2024-01-01T00:00:00\.00{reasons.Count - 1}Z +transactions/0/{reasons.Count - 1} +{reasons[^1]} ", table.Out.Split('\n')[1]);
        Assert.EndsWith($"\n2 of {reasons.Count}\n", table.Out, StringComparison.Ordinal);

        await ReplayAsync(cli, reasons.Count);
        await stop.CancelAsync();
        Assert.Equal(ExitCode.Ok, (await node.WaitAsync(TimeSpan.FromSeconds(60))).Code);
    }

    /// <summary>The event that was ahead of its record's timestamp is good by now; the others stay what they are.</summary>
    private static async Task ReplayAsync(Cli cli, int events)
    {
        var config = $"--config {cli.PathOf("a.hocon")}";
        foreach (var outcome in new[] { "replayed", "already_replayed" })
        {
            var answer = await cli.RunAsync($"replay dlq --json {config}");
            Assert.True(answer.Code == ExitCode.Ok, answer.Error);
            using var replayed = JsonDocument.Parse(answer.Out);
            var one = replayed.RootElement.GetProperty("dead_letters").EnumerateArray().Single(letter => Text(letter, "outcome") == outcome);
            Assert.Equal(($"transactions/0/{events - 1}", $"transactions/0/{events}"), (Text(one, "origin"), Text(one, "at")));
        }

        await Eventually.TrueAsync(
            "it is applied",
            async () => (await cli.RunAsync($"where transactions:0:{events} {config}")).Out.Contains("applied", StringComparison.Ordinal));
        var verified = await cli.RunAsync($"replay from beginning --verify {config}");
        Assert.True(verified.Code == ExitCode.Ok, verified.Error);
        Assert.EndsWith("no difference\n", verified.Out, StringComparison.Ordinal);
    }

    private static string Text(JsonElement letter, string name) => letter.GetProperty(name).GetString()!;

    private static async Task<long> TotalAsync(Cli cli)
    {
        using var json = JsonDocument.Parse((await cli.RunAsync("dead-letters --json")).Out);
        return json.RootElement.GetProperty("total").GetInt64();
    }

    /// <summary>One bad event at each offset from 0 on; the result is their reasons.</summary>
    private async Task<List<string>> AppendMistakesAsync(Cli cli)
    {
        var registry = new EmbeddedSchemaRegistry(Path.Combine(cli.Data, "registry"));
        var id = Assert.IsType<RegistryResult<int>.Found>(await registry.RegisterAsync(EventSchemas.SubjectOf(s_partition.Topic), EventSchemas.Transaction, CancellationToken.None)).Value;
        var start = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        var (writer, whole, future) = (RecordWriter.Compile<Transaction>(EventSchemas.Transaction), new AvroBuffer(), new AvroBuffer());
        var transaction = new Transaction { EventId = "e", CardId = Card, TerminalId = "t", Amount = 1, Ts = new EventTime(start) };
        writer.Write(transaction, id, whole);
        writer.Write(transaction with { Ts = new EventTime(start + (long)TimeSpan.FromDays(9).TotalMilliseconds) }, id, future);
        List<(string Reason, byte[]? Value)> mistakes =
        [
            (DeadLetterReason.Empty, null),
            (DeadLetterReason.BadMagic, "a text"u8.ToArray()),
            (DeadLetterReason.UnknownSchema, [0, 0, 0, 0, 5, 0]),
            (DeadLetterReason.Malformed, whole.Written[..^3].ToArray()),
            (DeadLetterReason.Future, future.Written.ToArray()),
        ];
        var records = new RecordBatch();
        foreach (var (_, value) in mistakes)
        {
            records.Add(0, start + records.Count, "4929123412341234"u8, value, valueIsNull: value is null);
        }

        await using var log = KafkaEventLog.Open(new KafkaSettings(broker.Bootstrap!));
        await log.CreateTopicAsync(s_partition.Topic, 4, CancellationToken.None);
        await log.AppendAsync(s_partition, records, CancellationToken.None);
        return [.. mistakes.Select(mistake => mistake.Reason)];
    }
}
