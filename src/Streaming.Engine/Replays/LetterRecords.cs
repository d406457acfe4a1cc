using Streaming.Contracts.Events;
using Streaming.Log;

namespace Streaming.Engine.Replays;

/// <summary>The records of dead letters' events: from the letter, or, where it was too large for one, from its origin.</summary>
internal sealed class LetterRecords(IEventLog log)
{
    private const string Gone = "its value was too large for the dead letter, and the log no longer has it at its origin";

    /// <summary>Adds the records of letters of one partition, with offsets that count up from 0 and a timestamp.</summary>
    /// <returns>For each letter why it has none; null where its record was added.</returns>
    /// <exception cref="EventLogException">The log is unavailable.</exception>
    public async Task<string?[]> FillAsync(
        TopicPartition of, IReadOnlyList<DeadLetter> letters, RecordBatch into, long timestampMillis, CancellationToken cancellation)
    {
        var faults = new string?[letters.Count];
        if (await log.DescribeTopicAsync(of.Topic, cancellation) is not { } topic || topic.Partitions <= of.Partition)
        {
            Array.Fill(faults, $"the log has no {of}");
            return faults;
        }

        for (var i = 0; i < letters.Count; i++)
        {
            var letter = letters[i];
            if (letter.Value is { } value)
            {
                into.Add(into.Count, timestampMillis, letter.Key is { } key ? key.Span : default, value.Span, letter.Key is null);
            }
            else if (letter.Reason == DeadLetterReason.Empty)
            {
                faults[i] = "it has no value, so there is nothing to replay";
            }
            else if (await OriginAsync(of, letter, cancellation) is { } records)
            {
                Add(records, 0, into, timestampMillis);
            }
            else
            {
                faults[i] = Gone;
            }
        }

        return faults;
    }

    /// <summary>Adds a record to a batch, with its timestamp.</summary>
    public static void Copy(RecordBatch records, int record, RecordBatch into) => Add(records, record, into, records.Timestamps[record]);

    private static void Add(RecordBatch records, int record, RecordBatch into, long timestampMillis) => into.Add(
        into.Count,
        timestampMillis,
        records.Key(record),
        records.Value(record),
        records.KeyLength[record] < 0,
        records.ValueLength[record] < 0);

    private async Task<RecordBatch?> OriginAsync(TopicPartition of, DeadLetter letter, CancellationToken cancellation)
    {
        var (beginning, end) = (await log.BeginningOffsetAsync(of, cancellation), await log.EndOffsetAsync(of, cancellation));
        if (letter.Offset < beginning || letter.Offset >= end)
        {
            return null;
        }

        await using var reader = log.Read(of, letter.Offset);
        var records = await reader.ReadAsync(1, cancellation);
        return records.Count > 0 && records.Offsets[0] == letter.Offset && records.Timestamps[0] == letter.Timestamp.Millis
            ? records
            : null;
    }
}
