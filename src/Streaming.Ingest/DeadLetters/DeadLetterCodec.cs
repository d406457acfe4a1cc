using System.Text;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Events;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Contracts.Wire;
using Streaming.Features.Events;
using Streaming.Log;

namespace Streaming.Ingest.DeadLetters;

/// <summary>Reads records of the topic of dead letters, each by the schema that it was written with.</summary>
internal sealed class DeadLetterCodec(ISchemaRegistry registry)
{
    private readonly Dictionary<int, RecordReader<DeadLetter>?> _codecs = [];

    /// <summary>The dead letter; of the reason <see cref="DeadLetterReader.Unreadable"/> where the record is none.</summary>
    /// <exception cref="IngestException">The registry does not answer.</exception>
    public async Task<DeadLetter> ReadAsync(TopicPartition partition, RecordBatch records, int record, CancellationToken cancellation)
    {
        var value = records.Value(record).ToArray();
        var head = WireFormat.Parse(value);
        var codec = head.Status == WireStatus.Ok ? await CodecAsync(head.SchemaId, cancellation) : null;
        var fault = "it is not in the schema of dead letters";
        if (codec is not null)
        {
            if (codec.TryRead(value.AsSpan(head.PayloadStart), out var letter, out var decodeFault))
            {
                return letter;
            }

            fault = decodeFault.ToString();
        }

        return new DeadLetter
        {
            Id = Encoding.UTF8.GetString(records.Key(record)),
            Reason = DeadLetterReader.Unreadable,
            Detail = $"another program wrote this record: {fault}",
            Topic = partition.Topic,
            Partition = partition.Partition,
            Offset = records.Offsets[record],
            Timestamp = new EventTime(records.Timestamps[record]),
        };
    }

    private async Task<RecordReader<DeadLetter>?> CodecAsync(int schemaId, CancellationToken cancellation)
    {
        if (!_codecs.TryGetValue(schemaId, out var codec))
        {
            codec = await registry.GetByIdAsync(schemaId, cancellation) switch
            {
                RegistryResult<Avro.Schema>.Found found => RecordReader.Compile<DeadLetter>(found.Value, EventSchemas.DeadLetter).Codec,
                RegistryResult<Avro.Schema>.Unavailable away =>
                    throw new IngestException(IngestFailure.RegistryAway, $"the schema registry does not answer: {away.Reason}"),
                _ => null,
            };
            _codecs.Add(schemaId, codec);
        }

        return codec;
    }
}
