using System.Text;
using Streaming.Log;

namespace Streaming.Ingest.DeadLetters;

/// <summary>
/// Which dead letters have been appended again: a topic beside them, an entry for each before its append and one after it, keyed by
/// origin, so that the topic may be compacted. Used by one caller at a time.
/// </summary>
public sealed class ReplayLedger(IEventLog log)
{
    /// <summary>The topic.</summary>
    public const string Topic = "dead-letter-replays";

    private const int ReadRecords = 10_000;
    private static readonly TopicPartition s_partition = new(Topic, 0);

    private readonly Dictionary<string, ReplayEntry> _entries = [];
    private readonly Dictionary<EventPlace, string> _byReplay = [];
    private long _next;

    /// <summary>What is known of the dead letter of an origin; null for nothing.</summary>
    public ReplayEntry? this[EventPlace origin] => _entries.GetValueOrDefault(origin.ToString());

    /// <summary>The origin of a record that is a dead letter's event, appended again; null if it is none.</summary>
    public string? OriginOf(EventPlace record) => _byReplay.GetValueOrDefault(record);

    /// <summary>Reads what the topic has; none yet is no mistake.</summary>
    /// <exception cref="EventLogException">The log is unavailable.</exception>
    public async Task LoadAsync(CancellationToken cancellation)
    {
        if (await log.DescribeTopicAsync(Topic, cancellation) is null)
        {
            return;
        }

        var end = await log.EndOffsetAsync(s_partition, cancellation);
        await using var reader = log.Read(s_partition, _next);
        while (reader.NextOffset < end)
        {
            var records = await reader.ReadAsync(ReadRecords, cancellation);
            for (var record = 0; record < records.Count; record++)
            {
                if (ReplayEntry.Read(records.Value(record)) is { } entry)
                {
                    Add(entry);
                }
            }
        }

        _next = Math.Max(_next, end);
    }

    /// <summary>Writes entries; complete when they are durable. Makes the topic if it is missing.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="nowMillis">The time.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="EventLogException">The log is unavailable; some of them may be written.</exception>
    public async Task WriteAsync(IReadOnlyCollection<ReplayEntry> entries, long nowMillis, CancellationToken cancellation)
    {
        if (entries.Count == 0)
        {
            return;
        }

        await log.CreateTopicAsync(Topic, 1, cancellation);
        var records = new RecordBatch(entries.Count);
        foreach (var entry in entries)
        {
            records.Add(0, nowMillis, Encoding.UTF8.GetBytes(entry.Origin), entry.ToBytes());
        }

        await log.AppendAsync(s_partition, records, cancellation);
        foreach (var entry in entries)
        {
            Add(entry);
        }
    }

    private void Add(ReplayEntry entry)
    {
        // An intention that comes late does not take back what is done.
        if (entry.At is null && _entries.GetValueOrDefault(entry.Origin) is { At: not null })
        {
            return;
        }

        _entries[entry.Origin] = entry;
        if (entry.At is { } at && EventPlace.TryParse(entry.Origin, out var origin))
        {
            _byReplay[origin with { Offset = at }] = entry.Origin;
        }
    }
}
