using Avro;
using Avro.Generic;
using Avro.IO;
using Streaming.Contracts.Schemas;
using Streaming.Log;

namespace Streaming.Chaos.Folds;

/// <summary>Reads whole topics, and decodes them with Apache.Avro and rules of its own: nothing of what a node decodes and judges with.</summary>
internal sealed class LogReader(World world)
{
    private const int HeadBytes = 5;
    private const int KeyBytesMax = 256;
    private const long FutureMillis = 600_000;
    private static readonly double s_largest = Math.Pow(2, 53);

    /// <summary>All records of a topic.</summary>
    public async Task<List<LogRecord>> ReadAsync(string topic)
    {
        var schema = EventSchemas.ByTopic[topic];
        var avro = new GenericDatumReader<GenericRecord>(schema, schema);
        var records = new List<LogRecord>();
        var partitions = (await world.Log.DescribeTopicAsync(topic, CancellationToken.None))?.Partitions ?? 0;
        for (var partition = 0; partition < partitions; partition++)
        {
            var place = new TopicPartition(topic, partition);
            var end = await world.Log.EndOffsetAsync(place, CancellationToken.None);
            await using var reader = world.Log.Read(place, 0);
            while (reader.NextOffset < end)
            {
                var batch = await reader.ReadAsync(10_000, CancellationToken.None);
                for (var record = 0; record < batch.Count; record++)
                {
                    records.Add(Record(avro, topic, partition, batch, record));
                }
            }
        }

        return records;
    }

    private LogRecord Record(GenericDatumReader<GenericRecord> avro, string topic, int partition, RecordBatch batch, int record)
    {
        var value = batch.Value(record).ToArray();
        GenericRecord? each = null;
        var reason = value.Length < 1 ? "empty"
            : value[0] != 0 ? "bad_magic"
            : value.Length < HeadBytes ? "empty"
            : !world.SchemaIds.TryGetValue(topic, out var known) || known == IdOf(value) ? null
            : "unknown_schema";
        if (reason is null && !TryDecode(avro, value, out each))
        {
            reason = "malformed";
        }

        reason ??= Judge(topic, each!, batch.Timestamps[record]);
        return new LogRecord(topic, partition, batch.Offsets[record], batch.Timestamps[record], reason is null ? each : null, reason);
    }

    private static int IdOf(byte[] value) => (value[1] << 24) | (value[2] << 16) | (value[3] << 8) | value[4];

    private static bool TryDecode(GenericDatumReader<GenericRecord> avro, byte[] value, out GenericRecord? each)
    {
        using var stream = new MemoryStream(value, HeadBytes, value.Length - HeadBytes);
        try
        {
            each = avro.Read(null!, new BinaryDecoder(stream));
            return stream.Position == stream.Length;
        }
        catch (Exception broken) when (broken is AvroException or IOException or IndexOutOfRangeException or OverflowException or ArgumentException)
        {
            each = null;
            return false;
        }
    }

    // Only the mistakes that the load makes.
    private static string? Judge(string topic, GenericRecord each, long timestampMillis)
    {
        if (topic != EventSchemas.Transactions)
        {
            return null;
        }

        var (amount, key) = ((double)each["amount"], (string)each["card_id"]);
        var time = ((DateTime)each["ts"] - DateTime.UnixEpoch).TotalMilliseconds;
        return !double.IsFinite(amount) || Math.Abs(amount) > s_largest ? "out_of_range"
            : key.Length == 0 ? "no_key"
            : key.Length > KeyBytesMax ? "key_too_long"
            : key.Contains('\0', StringComparison.Ordinal) ? "bad_key"
            : time > timestampMillis + FutureMillis ? "future"
            : null;
    }
}
