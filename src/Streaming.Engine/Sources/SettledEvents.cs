using System.Text;
using Streaming.Contracts.Events;
using Streaming.Contracts.Schemas;
using Streaming.Ingest;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// The events that are dead letters already. They stay so wherever a run begins and whatever has been mended since, until a replay
/// appends them again: so a rebuilt state has what the live one has, and no event counts twice. Poison is not among them: other
/// entities have counted it. Thread-safe.
/// </summary>
internal sealed class SettledEvents(IEventLog log)
{
    private const int ReadRecords = 10_000;
    private const long ClampedMillisMax = 3_600_000;

    private readonly Lock _gate = new();
    private Dictionary<TopicPartition, Dictionary<long, long>> _known = [];
    private Dictionary<int, long> _next = [];
    private Task _reading = Task.CompletedTask;

    /// <summary>None.</summary>
    public static IReadOnlyDictionary<long, long> None { get; } = new Dictionary<long, long>();

    /// <summary>By offset, the timestamps of a partition's events that are dead letters now.</summary>
    /// <exception cref="EventLogException">The log is unavailable.</exception>
    public async Task<IReadOnlyDictionary<long, long>> OfAsync(TopicPartition partition, CancellationToken cancellation)
    {
        Task reading;
        lock (_gate)
        {
            reading = _reading = ReadNewAsync(_reading, cancellation);
        }

        await reading;
        return _known.GetValueOrDefault(partition) ?? None;
    }

    /// <summary>
    /// Whether a record is one of them. The timestamp tells it from a record of a topic that was deleted and created again; a letter's is
    /// never ahead of the clock.
    /// </summary>
    public static bool Has(IReadOnlyDictionary<long, long> settled, long offset, long timestampMillis) =>
        settled.TryGetValue(offset, out var known) && Math.Max(1, timestampMillis) - known is >= 0 and < ClampedMillisMax;

    private async Task ReadNewAsync(Task before, CancellationToken cancellation)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var partitions = (await log.DescribeTopicAsync(EventSchemas.DeadLetters, cancellation))?.Partitions ?? 0;
        var (known, next) = (new Dictionary<TopicPartition, Dictionary<long, long>>(_known), new Dictionary<int, long>(_next));
        var changed = new HashSet<TopicPartition>();
        for (var partition = 0; partition < partitions; partition++)
        {
            var place = new TopicPartition(EventSchemas.DeadLetters, partition);
            var end = await log.EndOffsetAsync(place, cancellation);
            if (next.GetValueOrDefault(partition) >= end)
            {
                continue;
            }

            await using var reader = log.Read(place, next.GetValueOrDefault(partition));
            while (reader.NextOffset < end)
            {
                var records = await reader.ReadAsync(ReadRecords, cancellation);
                for (var record = 0; record < records.Count; record++)
                {
                    Add(known, changed, Encoding.UTF8.GetString(records.Key(record)), records.Timestamps[record]);
                }
            }

            next[partition] = end;
        }

        // Readers of earlier answers keep theirs.
        (_known, _next) = (known, next);
    }

    private static void Add(
        Dictionary<TopicPartition, Dictionary<long, long>> known, HashSet<TopicPartition> changed, string id, long timestampMillis)
    {
        var slash = id.LastIndexOf('/');
        if (slash < 0 || id[(slash + 1)..] == DeadLetterReason.Poison || !EventPlace.TryParse(id[..slash], out var origin))
        {
            return;
        }

        if (changed.Add(origin.InPartition))
        {
            known[origin.InPartition] = new(known.GetValueOrDefault(origin.InPartition) ?? []);
        }

        known[origin.InPartition][origin.Offset] = timestampMillis;
    }
}
