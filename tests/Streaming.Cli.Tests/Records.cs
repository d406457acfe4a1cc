using System.Text;
using Avro.Generic;
using Avro.IO;
using Streaming.Contracts.Schemas;
using Streaming.Contracts.Wire;
using Streaming.Log;
using Streaming.Log.Embedded;

namespace Streaming.Cli.Tests;

/// <summary>A record as any Avro client reads it.</summary>
internal sealed record ReadRecord(string Key, long Timestamp, GenericRecord Event, byte[] Bytes)
{
    public object? this[string field] => Event[field];
}

/// <summary>Reads what commands wrote, with Apache.Avro as the judge.</summary>
internal static class Records
{
    public static async Task<List<ReadRecord>> ReadAsync(Cli cli, string topic, string? eventsOf = null)
    {
        await using var log = EmbeddedEventLog.Open(new EmbeddedLogSettings(Path.Combine(cli.Data, "events.db")));
        var schema = EventSchemas.ByTopic[eventsOf ?? topic];
        var reader = new GenericDatumReader<GenericRecord>(schema, schema);
        var records = new List<ReadRecord>();
        var description = await log.DescribeTopicAsync(topic, CancellationToken.None);
        for (var partition = 0; partition < (description?.Partitions ?? 0); partition++)
        {
            await ReadAsync(log, new TopicPartition(topic, partition), reader, records);
        }

        return records;
    }

    private static async Task ReadAsync(EmbeddedEventLog log, TopicPartition partition, GenericDatumReader<GenericRecord> avro, List<ReadRecord> into)
    {
        var left = await log.EndOffsetAsync(partition, CancellationToken.None);
        await using var reader = log.Read(partition, 0);
        while (left > 0)
        {
            var batch = await reader.ReadAsync(10_000, CancellationToken.None);
            for (var record = 0; record < batch.Count; record++)
            {
                var value = batch.Value(record).ToArray();
                Assert.Equal(WireStatus.Ok, WireFormat.Parse(value).Status);
                using var stream = new MemoryStream(value, WireFormat.HeadBytes, value.Length - WireFormat.HeadBytes);
                into.Add(new ReadRecord(Encoding.UTF8.GetString(batch.Key(record)), batch.Timestamps[record], avro.Read(null!, new BinaryDecoder(stream)), value));
                Assert.Equal(stream.Length, stream.Position);
            }

            left -= batch.Count;
        }
    }
}
