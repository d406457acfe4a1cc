// Hot: decodes every record.
using System.Collections.Concurrent;
using System.Collections.Immutable;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Events;
using Streaming.Contracts.Wire;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// Turns a read of records into events, or into dead letters with reason and origin. The schemas that the read needs must be loaded
/// first (<see cref="MissingSchema"/>), so that an outage of the registry never makes a good event a dead letter. Used by one source.
/// </summary>
internal sealed class ReadDecoder(SourcePlan plan, int partition, SchemaDecoders schemas, TimeProvider time)
{
    private readonly EventValidator _validator = new(plan);
    private readonly RejectedRecords _rejects = new(plan.Source.Name, partition);
    private readonly ConcurrentBag<DecodedRead> _free = [];
    private IReadOnlyDictionary<long, long> _settled = SettledEvents.None;
    private long _countFrom;
    private ImmutableDictionary<(long Offset, int Feed), string> _poison = ImmutableDictionary<(long Offset, int Feed), string>.Empty;

    /// <summary>Begins a run.</summary>
    /// <param name="poison">By offset and feed, the events that made entities fail.</param>
    /// <param name="countFrom">The first offset whose event was not counted as applied yet.</param>
    /// <param name="settled">By offset, the timestamps of the events that are passed over: they are dead letters.</param>
    public void BeginRun(
        ImmutableDictionary<(long Offset, int Feed), string> poison, long countFrom, IReadOnlyDictionary<long, long> settled)
    {
        _poison = poison;
        _countFrom = countFrom;
        _settled = settled;
    }

    /// <summary>Takes back a read that every entity has applied. Thread-safe.</summary>
    public void Release(DecodedRead read)
    {
        if (read.TryReuse())
        {
            _free.Add(read);
        }
    }

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

    /// <summary>Decodes and validates all records.</summary>
    /// <param name="records">The records of one read.</param>
    /// <param name="nextOffset">The offset that the next read begins at.</param>
    public DecodedRead Decode(RecordBatch records, long nextOffset)
    {
        if (!_free.TryTake(out var read))
        {
            read = new DecodedRead(plan, partition);
        }

        read.Begin(records, nextOffset, time.GetUtcNow().ToUnixTimeMilliseconds() + plan.ClockLeadMillis);
        for (var i = 0; i < records.Count; i++)
        {
            var row = read.Batch.Count;
            try
            {
                Decode(records, i, read);
            }
            catch (Exception failure) when (Unexpected.IsCausedByRecord(failure))
            {
                read.Batch.Count = row;
                read.TakeBack(row);
                _rejects.Add(read, records, i, DeadLetterReason.Unexpected, Unexpected.Text(failure));
            }
        }

        return read;
    }

    private void Decode(RecordBatch records, int record, DecodedRead read)
    {
        if (_settled.Count > 0 && SettledEvents.Has(_settled, records.Offsets[record], records.Timestamps[record]))
        {
            return;
        }

        var head = WireFormat.Parse(records.Value(record));
        if (head.Status != WireStatus.Ok)
        {
            _rejects.AddMalformedHead(read, records, record, head.Status);
            return;
        }

        schemas.TryGet(head.SchemaId, out var schema);
        if (schema.Decoder is null)
        {
            _rejects.Add(read, records, record, schema.Reason, schema.Detail);
            return;
        }

        var row = read.Batch.Count;
        var start = records.ValueStart[record] + head.PayloadStart;
        var length = records.ValueLength[record] - head.PayloadStart;
        if (schema.Decoder.TryDecode(records.Buffer, start, length, read.Batch, row, out var fault) != DecodeStatus.Ok)
        {
            _rejects.Add(read, records, record, DeadLetterReason.Malformed, fault.ToString());
        }
        else if (_validator.Reject(read.Batch, row, records.Timestamps[record], out var detail) is { } reason)
        {
            _rejects.Add(read, records, record, reason, detail);
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
        string? poison = null;
        var newest = long.MinValue;
        for (var feed = 0; feed < plan.Feeds.Length; feed++)
        {
            if (read.Batch.Texts(plan.Feeds[feed].KeyField)[row].IsEmpty)
            {
                continue;
            }

            if (_poison.Count > 0 && _poison.TryGetValue((read.Batch.Offsets[row], feed), out var cause))
            {
                poison = poison is null ? cause : $"{poison}; {cause}";
            }
            else
            {
                read.Accept(feed, row);
                newest = Math.Max(newest, read.Batch.Times(plan.Feeds[feed].TimeField)[row]);
            }
        }

        if (newest != long.MinValue)
        {
            read.Count(newest, isNew: records.Offsets[record] >= _countFrom);
        }

        if (poison is not null)
        {
            _rejects.Add(read, records, record, DeadLetterReason.Poison, poison);
        }
    }
}
