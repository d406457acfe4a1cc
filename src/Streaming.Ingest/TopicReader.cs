using System.Runtime.CompilerServices;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Contracts.Wire;
using Streaming.Log;

namespace Streaming.Ingest;

/// <summary>Reads the records of a topic as events, each by the schema that it was written with; writes nothing, commits nothing.</summary>
/// <typeparam name="T">The record of the topic's schema.</typeparam>
/// <param name="log">The log.</param>
/// <param name="registry">Knows the schemas that records were written with.</param>
/// <param name="topic">One of the topics of <see cref="EventSchemas.ByTopic"/>.</param>
public sealed class TopicReader<T>(IEventLog log, ISchemaRegistry registry, string topic)
    where T : class
{
    private const int ReadRecords = 1_000;
    private readonly Avro.RecordSchema _schema = EventSchemas.ByTopic[topic];
    private readonly Dictionary<int, RecordReader<T>> _readers = [];

    /// <summary>The events from a timestamp on that the log has now, partition by partition, each in the order of the log.</summary>
    /// <param name="fromMillis">The first timestamp of a record.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="IngestException">The registry does not answer, or a record is no such event.</exception>
    /// <exception cref="EventLogException">The log is unavailable.</exception>
    public async IAsyncEnumerable<T> ReadAsync(long fromMillis, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var partitions = (await log.DescribeTopicAsync(topic, cancellation))?.Partitions ?? 0;
        for (var partition = 0; partition < partitions; partition++)
        {
            var place = new TopicPartition(topic, partition);
            if (await log.OffsetForTimestampAsync(place, fromMillis, cancellation) is not { } from)
            {
                continue;
            }

            var end = await log.EndOffsetAsync(place, cancellation);
            await using var reader = log.Read(place, from);
            while (reader.NextOffset < end)
            {
                var records = await reader.ReadAsync(ReadRecords, cancellation);
                for (var record = 0; record < records.Count; record++)
                {
                    yield return await ReadAsync(place, records, record, cancellation);
                }
            }
        }
    }

    private async ValueTask<T> ReadAsync(TopicPartition place, RecordBatch records, int record, CancellationToken cancellation)
    {
        var head = WireFormat.Parse(records.Value(record));
        var fault = "it is not in the wire format of Avro";
        if (head.Status == WireStatus.Ok)
        {
            var codec = await CodecAsync(head.SchemaId, cancellation);
            if (codec.TryRead(records.Value(record)[head.PayloadStart..], out var read, out var decodeFault))
            {
                return read;
            }

            fault = decodeFault.ToString();
        }

        throw new IngestException(
            IngestFailure.Input,
            $"{place.Topic}:{place.Partition}:{records.Offsets[record]} is no {_schema.Name}: {fault}; another program wrote to the topic");
    }

    private async ValueTask<RecordReader<T>> CodecAsync(int schemaId, CancellationToken cancellation)
    {
        if (_readers.TryGetValue(schemaId, out var reader))
        {
            return reader;
        }

        var compiled = await registry.GetByIdAsync(schemaId, cancellation) switch
        {
            RegistryResult<Avro.Schema>.Found found => RecordReader.Compile<T>(found.Value, _schema).Codec
                ?? throw new IngestException(IngestFailure.Input, $"schema {schemaId} of the topic {topic} is not that of {_schema.Name}"),
            RegistryResult<Avro.Schema>.Unavailable away =>
                throw new IngestException(IngestFailure.RegistryAway, $"the schema registry does not answer: {away.Reason}"),
            _ => throw new IngestException(IngestFailure.Input, $"the registry does not know schema {schemaId} of the topic {topic}"),
        };
        _readers.Add(schemaId, compiled);
        return compiled;
    }
}
