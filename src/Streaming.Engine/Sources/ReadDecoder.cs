// Hot: decodes every record.
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Events;
using Streaming.Contracts.Wire;
using Streaming.Features.Events;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// Turns a read of records into events, or into dead letters with reason and origin. The schemas that the read needs must be
/// loaded first (<see cref="MissingSchema"/>), so that an outage of the registry is never taken for a bad event. Used by one source.
/// </summary>
internal sealed class ReadDecoder(SourcePlan plan, int partition, SchemaDecoders schemas)
{
    private readonly EventValidator _validator = new(plan);

    /// <summary>Forgets the watermark: the partition is read from its beginning again.</summary>
    public void Reset() => _validator.Reset();

    /// <summary>A schema id that the read needs and that is not loaded; null when there is none.</summary>
    public int? MissingSchema(RecordBatch records)
    {
        var last = -1;
        for (var i = 0; i < records.Count; i++)
        {
            var head = WireFormat.Parse(records.Value(i));
            if (head.Status == WireStatus.Ok && head.SchemaId != last)
            {
                last = head.SchemaId;
                if (!schemas.TryGet(last, out _))
                {
                    return last;
                }
            }
        }

        return null;
    }

    /// <summary>Decodes and judges all records; those at or below an offset in <paramref name="poison"/> are set aside.</summary>
    public DecodedRead Decode(RecordBatch records, IReadOnlyDictionary<long, string> poison)
    {
        var batch = new EventBatch(plan.Source, plan.Wanted.AsSpan(), records.Count) { Partition = partition };
        var read = new DecodedRead(batch, plan.Feeds, records.Offsets[records.Count - 1] + 1, records.Count);
        for (var i = 0; i < records.Count; i++)
        {
            if (poison.Count > 0 && poison.TryGetValue(records.Offsets[i], out var cause))
            {
                Reject(read, records, i, DeadLetterReason.Poison, cause);
            }
            else
            {
                Decode(records, i, read);
            }
        }

        read.WatermarkMillis = _validator.Watermark;
        return read;
    }

    private void Decode(RecordBatch records, int record, DecodedRead read)
    {
        var head = WireFormat.Parse(records.Value(record));
        if (head.Status != WireStatus.Ok)
        {
            RejectHead(read, records, record, head.Status);
            return;
        }

        schemas.TryGet(head.SchemaId, out var schema);
        if (schema.Decoder is null)
        {
            Reject(read, records, record, schema.Reason, schema.Detail);
            return;
        }

        var row = read.Batch.Count;
        var start = records.ValueStart[record] + head.PayloadStart;
        var length = records.ValueLength[record] - head.PayloadStart;
        if (schema.Decoder.TryDecode(records.Buffer, start, length, read.Batch, row, out var fault) != DecodeStatus.Ok)
        {
            Reject(read, records, record, DeadLetterReason.Malformed, fault.ToString());
        }
        else if (_validator.Reject(read.Batch, row, records.Timestamps[record], out var detail) is { } reason)
        {
            Reject(read, records, record, reason, detail);
        }
        else
        {
            read.Batch.Offsets[row] = records.Offsets[record];
            read.Batch.Count = row + 1;
            Accept(read, records, record, row);
        }
    }

    private void Accept(DecodedRead read, RecordBatch records, int record, int row)
    {
        string? late = null;
        for (var feed = 0; feed < plan.Feeds.Length; feed++)
        {
            if (read.Batch.Texts(plan.Feeds[feed].KeyField)[row].IsEmpty)
            {
                continue;
            }

            if (_validator.IsLate(feed, read.Batch, row))
            {
                late = late is null ? plan.Feeds[feed].Name : $"{late}, {plan.Feeds[feed].Name}";
            }
            else
            {
                read.Accept(feed, row);
            }
        }

        if (late is not null)
        {
            Reject(read, records, record, DeadLetterReason.Late, $"older than the longest window against its partition's watermark, for {late}; replay it to a new generation");
        }
    }

    private void RejectHead(DecodedRead read, RecordBatch records, int record, WireStatus status)
    {
        var (reason, detail) = status switch
        {
            WireStatus.Empty => (DeadLetterReason.Empty, "the value is null or empty; an event has a value"),
            WireStatus.BadMagic => (DeadLetterReason.BadMagic, "the first byte is not 0: use an Avro serializer with a schema registry"),
            _ => (DeadLetterReason.Empty, $"{records.ValueLength[record]} bytes are fewer than the wire format's head of {WireFormat.HeadBytes}"),
        };
        Reject(read, records, record, reason, detail);
    }

    private void Reject(DecodedRead read, RecordBatch records, int record, string reason, string detail)
    {
        var head = WireFormat.Parse(records.Value(record));
        read.DeadLetters.Add(new DeadLetter
        {
            Id = DeadLetter.IdOf(plan.Source.Name, partition, records.Offsets[record], reason),
            Reason = reason,
            Detail = detail,
            Topic = plan.Source.Name,
            Partition = partition,
            Offset = records.Offsets[record],
            Timestamp = new EventTime(records.Timestamps[record]),
            Key = records.KeyLength[record] < 0 ? null : records.Buffer.AsMemory(records.KeyStart[record], records.KeyLength[record]),
            Value = records.ValueLength[record] < 0 ? null : records.Buffer.AsMemory(records.ValueStart[record], records.ValueLength[record]),
            SchemaId = head.Status == WireStatus.Ok ? head.SchemaId : null,
        });
    }
}
