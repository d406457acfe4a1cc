using System.IO.Hashing;
using Streaming.Ingest;
using Streaming.Ingest.DeadLetters;
using Streaming.Log;

namespace Streaming.Engine.Replays;

/// <summary>
/// Appends events of dead letters to their partition once, whatever ends it half way: the intention is in the ledger before the event is
/// in the log, with the end of the partition, and what is found behind that end is not appended again. One process at a time.
/// </summary>
internal sealed class Reentry(IEventLog log, ReplayLedger ledger)
{
    private const int ReadRecords = 10_000;

    /// <summary>Appends those that are not there yet.</summary>
    /// <param name="to">Their partition.</param>
    /// <param name="letters">Origins, and their records in this order.</param>
    /// <param name="records">The records.</param>
    /// <param name="nowMillis">The time.</param>
    /// <param name="cancellation">Ends it between two writes.</param>
    /// <returns>The offset of each.</returns>
    /// <exception cref="EventLogException">The log is unavailable; call it again later.</exception>
    public async Task<long[]> EnterAsync(
        TopicPartition to, IReadOnlyList<EventPlace> letters, RecordBatch records, long nowMillis, CancellationToken cancellation)
    {
        var end = await log.EndOffsetAsync(to, cancellation);
        long[] from = [.. letters.Select(letter => ledger[letter]?.From ?? end)];
        await ledger.WriteAsync(
            [.. letters.Where(letter => ledger[letter] is null).Select(letter => new ReplayEntry(letter.ToString(), end, null))],
            nowMillis,
            cancellation);
        var found = await FindAsync(to, from, records, cancellation);
        if (found.Contains(-1))
        {
            await log.AppendAsync(to, Missing(records, found), cancellation);
            found = await FindAsync(to, from, records, cancellation);
        }

        if (found.Contains(-1))
        {
            throw new EventLogException($"{to}: records that were just appended are not there; run the replay again", retriable: true);
        }

        await ledger.WriteAsync(
            [.. letters.Select((letter, i) => new ReplayEntry(letter.ToString(), from[i], found[i]))], nowMillis, cancellation);
        return found;
    }

    private static RecordBatch Missing(RecordBatch records, long[] found)
    {
        var missing = new RecordBatch(records.Count);
        for (var i = 0; i < records.Count; i++)
        {
            if (found[i] < 0)
            {
                missing.Add(
                    0, records.Timestamps[i], records.Key(i), records.Value(i), records.KeyLength[i] < 0, records.ValueLength[i] < 0);
            }
        }

        return missing;
    }

    // Each record of the log stands for one letter at most. Letters of the same bytes may take each other's: nobody tells them apart.
    private async Task<long[]> FindAsync(TopicPartition to, long[] from, RecordBatch wanted, CancellationToken cancellation)
    {
        var found = new long[wanted.Count];
        Array.Fill(found, -1);
        var open = new Dictionary<UInt128, List<int>>();
        for (var i = 0; i < wanted.Count; i++)
        {
            var content = ContentOf(wanted, i);
            (open.TryGetValue(content, out var same) ? same : open[content] = []).Add(i);
        }

        var end = await log.EndOffsetAsync(to, cancellation);
        await using var reader = log.Read(to, from.Min());
        while (reader.NextOffset < end)
        {
            var records = await reader.ReadAsync(ReadRecords, cancellation);
            for (var record = 0; record < records.Count; record++)
            {
                var offset = records.Offsets[record];
                if (open.TryGetValue(ContentOf(records, record), out var same)
                    && ledger.OriginOf(new EventPlace(to.Topic, to.Partition, offset)) is null
                    && same.FindIndex(i => from[i] <= offset) is >= 0 and var next)
                {
                    found[same[next]] = offset;
                    same.RemoveAt(next);
                }
            }
        }

        return found;
    }

    private static UInt128 ContentOf(RecordBatch records, int record)
    {
        var hash = new XxHash128();
        hash.Append(BitConverter.GetBytes(records.KeyLength[record]));
        hash.Append(records.Key(record));
        hash.Append(records.Value(record));
        return hash.GetCurrentHashAsUInt128();
    }
}
