using System.Runtime.CompilerServices;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Events;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Contracts.Wire;
using Streaming.Ingest;
using Streaming.Log;

namespace Streaming.Scoring.ScoreLogs;

/// <summary>Reads answers back from the topic scores; writes nothing, commits nothing.</summary>
public sealed class ScoreReader(IEventLog log, ISchemaRegistry registry)
{
    private const int ReadRecords = 1_000;
    private readonly Dictionary<int, RecordReader<Score>> _readers = [];

    /// <summary>
    /// The answers of a range of times, partition by partition, each in the order of the log. One may come twice, with one id.
    /// </summary>
    /// <param name="fromMillis">The first time of an answer.</param>
    /// <param name="toMillis">The time that all answers are before.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="IngestException">The registry does not answer, or a record is no score.</exception>
    /// <exception cref="EventLogException">The log is unavailable.</exception>
    public async IAsyncEnumerable<Score> ReadAsync(
        long fromMillis, long toMillis, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var partitions = (await log.DescribeTopicAsync(EventSchemas.Scores, cancellation))?.Partitions ?? 0;
        for (var partition = 0; partition < partitions; partition++)
        {
            var place = new TopicPartition(EventSchemas.Scores, partition);
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
                    var score = await ReadAsync(place, records, record, cancellation);
                    if (score.AnsweredAt.Millis >= fromMillis && score.AnsweredAt.Millis < toMillis)
                    {
                        yield return score;
                    }
                }
            }
        }
    }

    private async ValueTask<Score> ReadAsync(TopicPartition place, RecordBatch records, int record, CancellationToken cancellation)
    {
        var head = WireFormat.Parse(records.Value(record));
        var fault = "it is not in the wire format of Avro";
        if (head.Status == WireStatus.Ok)
        {
            var codec = await CodecAsync(head.SchemaId, cancellation);
            if (codec.TryRead(records.Value(record)[head.PayloadStart..], out var score, out var decodeFault))
            {
                return score;
            }

            fault = decodeFault.ToString();
        }

        throw new IngestException(
            IngestFailure.Input,
            $"{place.Topic}:{place.Partition}:{records.Offsets[record]} is no score: {fault}; another program wrote to the topic");
    }

    private async ValueTask<RecordReader<Score>> CodecAsync(int schemaId, CancellationToken cancellation)
    {
        if (_readers.TryGetValue(schemaId, out var reader))
        {
            return reader;
        }

        var compiled = await registry.GetByIdAsync(schemaId, cancellation) switch
        {
            RegistryResult<Avro.Schema>.Found found => RecordReader.Compile<Score>(found.Value, EventSchemas.Score).Codec
                ?? throw new IngestException(IngestFailure.Input, $"schema {schemaId} of the topic scores is not that of scores"),
            RegistryResult<Avro.Schema>.Unavailable away =>
                throw new IngestException(IngestFailure.RegistryAway, $"the schema registry does not answer: {away.Reason}"),
            _ => throw new IngestException(IngestFailure.Input, $"the registry does not know schema {schemaId} of the topic scores"),
        };
        _readers.Add(schemaId, compiled);
        return compiled;
    }
}
