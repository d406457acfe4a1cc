// Hot: decodes every exported record.
using Avro;
using Avro.Generic;
using Avro.IO;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Wire;
using Streaming.Features.Events;
using Streaming.Ingest;
using Streaming.Log;

namespace Streaming.Offline.Lake;

/// <summary>Turns a topic's records into rows. What cannot be decoded is listed with its offset, and is no row.</summary>
internal sealed class LakeDecoder(LakeSchema schema, ISchemaRegistry registry)
{
    private readonly Dictionary<int, Codec> _codecs = [];
    private readonly List<(long Offset, long Timestamp)> _places = [];
    private readonly List<GenericRecord> _whole = [];

    /// <summary>Adds a read's records to a batch.</summary>
    /// <exception cref="IngestException">The registry does not answer.</exception>
    public async ValueTask DecodeAsync(RecordBatch records, LakeBatch into, CancellationToken cancellation)
    {
        for (var record = 0; record < records.Count;)
        {
            var head = WireFormat.Parse(records.Value(record));
            if (head.Status != WireStatus.Ok)
            {
                into.AddUndecodable(records.Offsets[record++], WireFault(records, record - 1));
                continue;
            }

            record = DecodeRun(records, record, head.SchemaId, await CodecAsync(head.SchemaId, cancellation), into);
        }
    }

    // Texts point into the read's buffer and each schema's constants: a run of one schema is copied before the next begins.
    private int DecodeRun(RecordBatch records, int first, int schemaId, Codec codec, LakeBatch into)
    {
        var (events, record) = (new EventBatch(schema.Source, [], records.Count - first), first);
        _places.Clear();
        _whole.Clear();
        for (; record < records.Count; record++)
        {
            var head = WireFormat.Parse(records.Value(record));
            if (head.Status != WireStatus.Ok || head.SchemaId != schemaId)
            {
                break;
            }

            if (Decode(records, record, head.PayloadStart, codec, events) is { } fault)
            {
                into.AddUndecodable(records.Offsets[record], fault);
            }
            else
            {
                _places.Add((records.Offsets[record], records.Timestamps[record]));
            }
        }

        if (_places.Count > 0)
        {
            into.Rows.Add(events, _places, _whole);
        }

        return record;
    }

    private string? Decode(RecordBatch records, int record, int payloadStart, Codec codec, EventBatch events)
    {
        if (codec.Columns is null)
        {
            return codec.Fault;
        }

        var (start, length) = (records.ValueStart[record] + payloadStart, records.ValueLength[record] - payloadStart);
        var row = _places.Count;
        if (codec.Columns.TryDecode(records.Buffer, start, length, events, row, out var fault) != DecodeStatus.Ok)
        {
            return fault.ToString();
        }

        var time = events.Times(schema.TimeField)[row];
        return EventLimits.IsEventTime(time)
            ? DecodeLists(records.Buffer.AsSpan(start, length), codec)
            : $"{schema.Source.Fields[schema.TimeField].Name} is {EventLimits.TimeFault(time)}";
    }

    private string? DecodeLists(ReadOnlySpan<byte> payload, Codec codec)
    {
        if (codec.Whole is null)
        {
            return null;
        }

        try
        {
            _whole.Add(codec.Whole.Read(null!, new BinaryDecoder(new MemoryStream(payload.ToArray()))));
            return null;
        }
        catch (Exception error) when (error is AvroException or IOException or ArgumentOutOfRangeException)
        {
            return $"its lists cannot be read: {error.Message}";
        }
    }

    private static string WireFault(RecordBatch records, int record) => records.ValueLength[record] < 0
        ? "it has no value (a tombstone)"
        : "it is not in the wire format of Avro";

    private async ValueTask<Codec> CodecAsync(int schemaId, CancellationToken cancellation)
    {
        if (!_codecs.TryGetValue(schemaId, out var codec))
        {
            codec = await registry.GetByIdAsync(schemaId, cancellation) switch
            {
                RegistryResult<Schema>.Found found => Compile(schemaId, found.Value),
                RegistryResult<Schema>.Unavailable away => throw new IngestException(
                    IngestFailure.RegistryAway, $"the schema registry does not answer: {away.Reason}"),
                _ => new Codec(null, null, $"the registry does not know its schema, {schemaId}"),
            };
            _codecs.Add(schemaId, codec);
        }

        return codec;
    }

    private Codec Compile(int schemaId, Schema writer)
    {
        var columns = ColumnDecoder.Compile(writer, schema.Record, schema.Source);
        return columns.Succeeded
            ? new Codec(columns.Codec, schema.HasLists ? new GenericDatumReader<GenericRecord>(writer, schema.Record) : null, string.Empty)
            : new Codec(null, null, $"its schema, {schemaId}, is none of {schema.Topic}: {string.Join("; ", columns.Faults)}");
    }

    private sealed record Codec(ColumnDecoder? Columns, GenericDatumReader<GenericRecord>? Whole, string Fault);
}
