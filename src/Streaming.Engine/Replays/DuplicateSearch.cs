using Streaming.Engine.Sources;
using Streaming.Features.State;
using Streaming.Ingest;
using Streaming.Log;

namespace Streaming.Engine.Replays;

/// <summary>
/// Tells whether an event was a duplicate for an entity. Ids are judged by partition (docs/adr/0011-duplicates-and-corrections.md), so a
/// fold of the entity's events of that partition, up to the event, gives what the node found.
/// </summary>
public sealed class DuplicateSearch(ReplayServices services)
{
    private const int ReadRecords = 20_000;

    private readonly SettledEvents _settled = new(services.Log);

    /// <summary>Whether the event's id came before within the horizon that its topic declares; false where it declares none.</summary>
    /// <param name="place">Where the event is.</param>
    /// <param name="entity">The entity.</param>
    /// <param name="cancellation">Ends the search, which reads the partition up to the event.</param>
    /// <exception cref="IngestException">The registry does not answer.</exception>
    /// <exception cref="EventLogException">The log is unavailable.</exception>
    public async Task<bool> IsDuplicateAsync(EventPlace place, FedEntity entity, CancellationToken cancellation)
    {
        if (entity.Feed.Duplicates is null || services.PlanOf(place.Topic) is not { } plan)
        {
            return false;
        }

        var settled = await _settled.OfAsync(place.InPartition, cancellation);
        var judge = new RecordJudge(services, plan, place.Partition, settled);
        var state = new EntityState(entity.Feed.Entity);
        var from = await services.Log.BeginningOffsetAsync(place.InPartition, cancellation);
        await using var reader = services.Log.Read(place.InPartition, from);
        var isDuplicate = false;
        while (reader.NextOffset <= place.Offset)
        {
            var records = await reader.ReadAsync(ReadRecords, cancellation);
            var read = await judge.DecodeAsync(records, reader.NextOffset, cancellation);
            isDuplicate |= Apply(read, place, entity, state);
            judge.Release(read);
            reader.Recycle(records);
        }

        return isDuplicate;
    }

    // The result is what became of the event itself, where the read has it.
    private static bool Apply(DecodedRead read, EventPlace place, FedEntity entity, EntityState state)
    {
        var (batch, feed) = (read.Batch, entity.Feed);
        var keys = batch.Texts(feed.KeyField);
        foreach (var row in read.RowsOf(feed))
        {
            if (batch.Offsets[row] > place.Offset)
            {
                return false;
            }

            if (keys[row].SequenceEqual(entity.Key.Span))
            {
                var before = state.DuplicateEvents;
                state.Apply(feed, batch, row);
                if (batch.Offsets[row] == place.Offset)
                {
                    return state.DuplicateEvents > before;
                }
            }
        }

        return false;
    }
}
