using System.Globalization;
using System.Text;
using Avro;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Events;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Contracts.Wire;
using Streaming.Features.Events;
using Streaming.Log;

namespace Streaming.Engine.Tests;

/// <summary>Makes events, puts them into a log, and gets them out again.</summary>
internal sealed class Events
{
    public const long Day = 24 * 3600 * 1000L;
    public static readonly long Start = new DateTimeOffset(2024, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    private readonly IEventLog _log;
    private readonly RecordWriter<Transaction> _transactions = RecordWriter.Compile<Transaction>(EventSchemas.Transaction);
    private readonly RecordWriter<Label> _labels = RecordWriter.Compile<Label>(EventSchemas.Label);

    private Events(IEventLog log, int transactionId, int labelId)
    {
        _log = log;
        TransactionId = transactionId;
        LabelId = labelId;
    }

    public int TransactionId { get; }

    public int LabelId { get; }

    public static async Task<Events> CreateAsync(IEventLog log, ISchemaRegistry registry) =>
        new(
            log,
            await RegisterAsync(registry, EventSchemas.Transactions, EventSchemas.Transaction),
            await RegisterAsync(registry, EventSchemas.Labels, EventSchemas.Label));

    public static async Task<int> RegisterAsync(ISchemaRegistry registry, string topic, Schema schema) =>
        ((RegistryResult<int>.Found)await registry.RegisterAsync(EventSchemas.SubjectOf(topic), schema, CancellationToken.None)).Value;

    public static Transaction Transaction(string card, long ts, double amount = 10, string terminal = "t1") => new()
    {
        EventId = string.Create(CultureInfo.InvariantCulture, $"{card}/{ts}"),
        CardId = card,
        TerminalId = terminal,
        Amount = amount,
        Ts = new EventTime(ts),
        Channel = "chip",
    };

    /// <summary>
    /// Random transactions over four hundred days, of twenty days' cards at a time; some are of an earlier day's, some late, some too late.
    /// </summary>
    public static List<Transaction> Wandering(int seed, int count)
    {
        var random = new Random(seed);
        var (events, clock) = (new List<Transaction>(), Start);
        for (var i = 0; i < count; i++)
        {
            clock += random.NextInt64(2 * 400 * Day / count);
            var (ts, period) = (clock, 20 * i / count);
            if (random.Next(40) == 0)
            {
                ts -= random.NextInt64(60 * Day);
                period = random.Next(period + 1);
            }

            events.Add(Transaction($"card-{period}-{random.Next(9)}", ts, random.Next(1, 500), $"terminal-{period}-{random.Next(3)}"));
        }

        return events;
    }

    /// <summary>Random transactions over fifty days: most in order, some at equal times, some late, a few too late.</summary>
    public static List<Transaction> Random(int seed, int count, int cards = 40, int terminals = 9)
    {
        var random = new Random(seed);
        var (events, clock) = (new List<Transaction>(), Start);
        for (var i = 0; i < count; i++)
        {
            clock += random.NextInt64(2 * 50 * Day / count);
            var ts = random.Next(100) switch
            {
                < 70 => clock,
                < 80 when events.Count > 0 => events[^1].Ts.Millis,
                < 96 => clock - random.NextInt64(20 * Day),
                _ => clock - random.NextInt64(80 * Day),
            };
            events.Add(new Transaction
            {
                EventId = $"e{i}",
                CardId = $"card-{random.Next(cards)}",
                TerminalId = $"terminal-{random.Next(terminals)}",
                Amount = random.Next(1, 100_000) / 100.0,
                Ts = new EventTime(ts),
                Channel = random.Next(4) == 0 ? null : $"channel-{random.Next(3)}",
                Fraud = random.Next(5) == 0,
            });
        }

        return events;
    }

    public async Task AppendAsync(params IEnumerable<Transaction> events)
    {
        var (records, value) = (new RecordBatch(), new AvroBuffer());
        foreach (var each in events)
        {
            value.Clear();
            _transactions.Write(each, TransactionId, value);
            records.Add(0, Math.Max(each.Ts.Millis, Start), Encoding.UTF8.GetBytes(each.CardId), value.Written);
        }

        await _log.AppendAsync(EventSchemas.Transactions, records, CancellationToken.None);
    }

    public async Task AppendAsync(IEnumerable<Label> events)
    {
        var (records, value) = (new RecordBatch(), new AvroBuffer());
        foreach (var each in events)
        {
            value.Clear();
            _labels.Write(each, LabelId, value);
            records.Add(0, each.LabelledAt.Millis, Encoding.UTF8.GetBytes(each.TerminalId), value.Written);
        }

        await _log.AppendAsync(EventSchemas.Labels, records, CancellationToken.None);
    }

    /// <summary>Appends a value as it is, to partition 0.</summary>
    public async Task AppendRawAsync(byte[]? value, long timestamp = 0)
    {
        var records = new RecordBatch();
        records.Add(0, timestamp == 0 ? Start : timestamp, "k"u8, value, valueIsNull: value is null);
        await _log.AppendAsync(new TopicPartition(EventSchemas.Transactions, 0), records, CancellationToken.None);
    }

    /// <summary>A transaction's value in the wire format.</summary>
    public byte[] Bytes(Transaction transaction)
    {
        var value = new AvroBuffer();
        _transactions.Write(transaction, TransactionId, value);
        return value.Written.ToArray();
    }

    /// <summary>Everything in a topic, with its place.</summary>
    public static async Task<List<(int Partition, long Offset, T Event)>> ReadAsync<T>(IEventLog log, string topic)
        where T : class
    {
        var decoder = RecordReader.Compile<T>(EventSchemas.ByTopic[topic], EventSchemas.ByTopic[topic]).Codec!;
        var all = new List<(int, long, T)>();
        for (var partition = 0; partition < (await log.DescribeTopicAsync(topic, CancellationToken.None))!.Partitions; partition++)
        {
            var place = new TopicPartition(topic, partition);
            var end = await log.EndOffsetAsync(place, CancellationToken.None);
            await using var reader = log.Read(place, 0);
            for (long next = 0; next < end;)
            {
                var records = await reader.ReadAsync(1000, CancellationToken.None);
                for (var i = 0; i < records.Count; i++)
                {
                    Assert.True(decoder.TryRead(records.Value(i)[WireFormat.HeadBytes..], out var value, out var fault), fault.ToString());
                    all.Add((partition, records.Offsets[i], value));
                    next = records.Offsets[i] + 1;
                }
            }
        }

        return all;
    }
}
