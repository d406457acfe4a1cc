using System.Text;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Events;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;
using Streaming.Log;
using Streaming.Log.Embedded;

namespace Streaming.Cli.Tests;

/// <summary>Late, repeated and correcting events, and bytes that are no event, with reads and scores between them; by a seed.</summary>
internal sealed class AwkwardTraffic(EmbeddedEventLog log, int transactionId, int labelId)
{
    private const long Day = 24 * 3600 * 1000L;
    private static readonly long s_start = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private readonly RecordWriter<Transaction> _transactions = RecordWriter.Compile<Transaction>(EventSchemas.Transaction);
    private readonly RecordWriter<Label> _labels = RecordWriter.Compile<Label>(EventSchemas.Label);
    private readonly Random _random = new(5);
    private readonly List<Transaction> _sent = [];

    /// <summary>Registers the schemas in a registry's folder.</summary>
    public static async Task<AwkwardTraffic> CreateAsync(EmbeddedEventLog log, string directory)
    {
        var registry = new EmbeddedSchemaRegistry(directory);
        return new(log, await IdAsync(registry, EventSchemas.Transactions), await IdAsync(registry, EventSchemas.Labels));
    }

    private long Clock => s_start + (_sent.Count * 600_000L);

    /// <summary>Writes 400 events, reads 80 entities and scores 40 requests.</summary>
    public async Task RunAsync(HttpClient client)
    {
        for (var i = 0; i < 40; i++)
        {
            var (transactions, labels, value) = (new RecordBatch(), new RecordBatch(), new AvroBuffer());
            for (var n = 0; n < 10; n++)
            {
                var isAgain = _sent.Count > 0 && _random.Next(6) == 0;
                var sent = isAgain ? _sent[_random.Next(_sent.Count)] : Next();
                value.Clear();
                _transactions.Write(sent, transactionId, value);
                transactions.Add(0, Clock, Encoding.UTF8.GetBytes(sent.CardId), _random.Next(30) == 0 ? value.Written[..^3] : value.Written);
                value.Clear();
                _labels.Write(LabelOf(sent), labelId, value);
                labels.Add(0, Clock, Encoding.UTF8.GetBytes(sent.TerminalId), value.Written);
            }

            await log.AppendAsync(EventSchemas.Transactions, transactions, CancellationToken.None);
            await log.AppendAsync(EventSchemas.Labels, labels, CancellationToken.None);
            using var score = new StringContent(Request(i), null, "application/json");
            using var scored = await client.PostAsync("/score", score);
            Assert.True(scored.IsSuccessStatusCode, await scored.Content.ReadAsStringAsync());
            await client.GetStringAsync($"/features/card/card-{_random.Next(9)}");
            await client.GetStringAsync($"/features/terminal/t{_random.Next(4)}?at={Clock - _random.NextInt64(Day / 2)}");
        }
    }

    // Every other one scores a transaction that was posted.
    private string Request(int i) => i % 2 == 0
        ? $$"""{"card_id":"card-{{_random.Next(9)}}","terminal_id":"t{{_random.Next(4)}}","amount":20}"""
        : $$"""{"event_id":"{{_sent[^1].EventId}}","card_id":"{{_sent[^1].CardId}}","terminal_id":"{{_sent[^1].TerminalId}}","amount":30}""";

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

    private static async Task<int> IdAsync(EmbeddedSchemaRegistry registry, string topic) => Assert.IsType<RegistryResult<int>.Found>(
        await registry.RegisterAsync(EventSchemas.SubjectOf(topic), EventSchemas.ByTopic[topic], CancellationToken.None)).Value;
}
