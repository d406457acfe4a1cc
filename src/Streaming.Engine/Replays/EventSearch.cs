using System.Collections.Immutable;
using System.Text;
using Streaming.Engine.Sources;
using Streaming.Ingest;
using Streaming.Log;

namespace Streaming.Engine.Replays;

/// <summary>Finds events in the log: at a place, or by id. Reads only.</summary>
public sealed class EventSearch(ReplayServices services)
{
    private const int ReadRecords = 20_000;
    private static readonly ImmutableArray<string> s_idFields = ["event_id", "transaction_id"];

    /// <summary>The topics that are searched: those whose events count.</summary>
    public ImmutableArray<string> Topics => [.. services.Plans.Select(plan => plan.Source.Name).Order(StringComparer.Ordinal)];

    /// <summary>The event at a place; null where the log has none.</summary>
    /// <exception cref="IngestException">The registry does not answer.</exception>
    /// <exception cref="EventLogException">The log is unavailable.</exception>
    public async Task<FoundEvent?> AtAsync(EventPlace place, CancellationToken cancellation)
    {
        if (services.PlanOf(place.Topic) is not { } plan)
        {
            return null;
        }

        await using var reader = services.Log.Read(place.InPartition, place.Offset);
        var records = await reader.ReadAsync(1, cancellation);
        return records.Count > 0 && records.Offsets[0] == place.Offset
            ? await ReadAsync(plan, place.Partition, records, 0, cancellation)
            : null;
    }

    /// <summary>How many records of a partition are searched, and from which offset.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="sinceMillis">The earliest timestamp; null for the beginning.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="EventLogException">The log is unavailable.</exception>
    public async Task<(long From, long End)> RangeAsync(TopicPartition partition, long? sinceMillis, CancellationToken cancellation)
    {
        var end = await services.Log.EndOffsetAsync(partition, cancellation);
        var from = sinceMillis is { } since
            ? await services.Log.OffsetForTimestampAsync(partition, since, cancellation) ?? end
            : await services.Log.BeginningOffsetAsync(partition, cancellation);
        return (Math.Min(from, end), end);
    }

    /// <summary>The events of a range whose id is the one given.</summary>
    /// <param name="partition">The partition.</param>
    /// <param name="range">As <see cref="RangeAsync"/>.</param>
    /// <param name="id">The id.</param>
    /// <param name="progress">Told how many offsets are searched.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <exception cref="IngestException">The registry does not answer.</exception>
    /// <exception cref="EventLogException">The log is unavailable.</exception>
    public async Task<List<FoundEvent>> FindAsync(
        TopicPartition partition, (long From, long End) range, string id, Action<long> progress, CancellationToken cancellation)
    {
        var (plan, text, found) = (services.PlanOf(partition.Topic)!, Encoding.UTF8.GetBytes(id), new List<FoundEvent>());
        await using var reader = services.Log.Read(partition, range.From);
        while (reader.NextOffset < range.End)
        {
            var records = await reader.ReadAsync(ReadRecords, cancellation);

            // Avro has texts as they are: a read without the bytes has no such event.
            if (records.Buffer.AsSpan(0, records.Bytes).IndexOf(text) >= 0)
            {
                for (var record = 0; record < records.Count; record++)
                {
                    if (records.Value(record).IndexOf(text) >= 0
                        && await ReadAsync(plan, partition.Partition, records, record, cancellation) is { } match
                        && (match.Id is null || match.Id == id))
                    {
                        found.Add(match);
                    }
                }
            }

            progress(Math.Min(reader.NextOffset, range.End) - range.From);
            reader.Recycle(records);
        }

        return found;
    }

    private async Task<FoundEvent> ReadAsync(
        SourcePlan plan, int partition, RecordBatch records, int record, CancellationToken cancellation)
    {
        var one = new RecordBatch(1);
        one.Add(
            records.Offsets[record],
            records.Timestamps[record],
            records.Key(record),
            records.Value(record),
            records.KeyLength[record] < 0,
            records.ValueLength[record] < 0);
        var place = new EventPlace(plan.Source.Name, partition, records.Offsets[record]);
        var read = await new RecordJudge(services, plan, partition).DecodeAsync(one, place.Offset + 1, cancellation);
        if (read.Batch.Count == 0)
        {
            var fault = read.DeadLetters is [var letter, ..] ? $"{letter.Reason}: {letter.Detail}" : null;
            return new FoundEvent(place, null, [], fault);
        }

        var id = s_idFields.Select(plan.Source.IndexOf).First(field => field >= 0);
        var feeds = plan.Feeds
            .Where(feed => !read.Batch.Texts(feed.KeyField)[0].IsEmpty)
            .Select(feed => new FedEntity(feed, read.Batch.Texts(feed.KeyField)[0].ToArray(), read.Batch.Times(feed.TimeField)[0]));
        return new FoundEvent(place, Encoding.UTF8.GetString(read.Batch.Texts(id)[0]), [.. feeds], null);
    }
}
