using System.Collections.Immutable;
using Streaming.Engine.Checkpoints;
using Streaming.Features.Events;
using Streaming.Ingest;
using Streaming.Log;
using Streaming.Persistence.Redis;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Engine.Replays;

/// <summary>
/// The generations of a node's store: begins one beside the one that answers, says which one it replaced, and deletes what nobody needs.
/// One replay at a time.
/// </summary>
/// <param name="slots">The store.</param>
/// <param name="services">What is read.</param>
/// <param name="keep">How long a generation that was replaced is kept.</param>
public sealed class ReplayGenerations(IShardSlots slots, ReplayServices services, TimeSpan keep)
{
    private readonly IGenerations _generations = slots.Generations;

    /// <summary>The generation that answers; null before the first.</summary>
    /// <exception cref="SlotStoreException">The store is out of reach.</exception>
    public Task<long?> LiveAsync(CancellationToken cancellation) => _generations.LiveAsync(cancellation);

    /// <summary>Checks that a replay can begin there.</summary>
    /// <exception cref="EventLogException">The log is unavailable.</exception>
    /// <exception cref="ReplayException">The log has no such place.</exception>
    public Task CheckAsync(ReplayStart start, CancellationToken cancellation) => MillisAsync(start, cancellation);

    /// <summary>Begins a generation that is to replace the one that answers.</summary>
    /// <returns>Its number.</returns>
    /// <exception cref="SlotStoreException">The store is out of reach.</exception>
    /// <exception cref="EventLogException">The log is unavailable.</exception>
    /// <exception cref="ReplayException">The log has no such place.</exception>
    public async Task<long> BeginAsync(ReplayStart start, CancellationToken cancellation)
    {
        var (live, topics) = (await _generations.LiveAsync(cancellation), ImmutableSortedDictionary.CreateBuilder<string, string>());
        var from = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<long>>();
        var millis = await MillisAsync(start, cancellation);
        foreach (var plan in services.Plans)
        {
            if (await services.Log.DescribeTopicAsync(plan.Source.Name, cancellation) is { } topic)
            {
                topics.Add(topic.Topic, topic.Identity);
                from.Add(topic.Topic, await FromAsync(topic, start, millis, cancellation));
            }
        }

        var record = new GenerationRecord(services.Settings.Shards, topics.ToImmutable())
        {
            From = from.Values.Any(offsets => offsets.Any(offset => offset > 0)) ? from.ToImmutable() : null,
            Replaces = live,
            BegunMillis = services.Time.GetUtcNow().ToUnixTimeMilliseconds(),
        };
        var next = (await _generations.ListAsync(cancellation)).Append(live ?? 0).Max() + 1;
        return await _generations.CreateAsync(next, record.ToBytes(), cancellation)
            ? next
            : throw new ReplayException("another process begins a generation in the same store; try again");
    }

    /// <summary>Makes a generation the one that answers.</summary>
    /// <exception cref="SlotStoreException">The store is out of reach; it may have happened.</exception>
    /// <exception cref="ReplayException">Another answers meanwhile than was seen.</exception>
    public async Task SwitchAsync(long? seen, long successor, CancellationToken cancellation)
    {
        if (!await _generations.SwitchAsync(seen, successor, cancellation))
        {
            throw new ReplayException($"generation {seen} does not answer any more; another process has switched");
        }
    }

    /// <summary>The generation that the one that answers has replaced, and until when it is kept; null for none.</summary>
    /// <exception cref="SlotStoreException">The store is out of reach.</exception>
    public async Task<(long Generation, DateTimeOffset Until)?> ReplacedAsync(CancellationToken cancellation)
    {
        if (await _generations.LiveAsync(cancellation) is { } live
            && await RecordAsync(live, cancellation) is { Replaces: { } replaced, BegunMillis: { } begun }
            && await RecordAsync(replaced, cancellation) is not null)
        {
            return (replaced, DateTimeOffset.FromUnixTimeMilliseconds(begun) + keep);
        }

        return null;
    }

    /// <summary>Deletes a generation that does not answer.</summary>
    /// <exception cref="SlotStoreException">The store is out of reach; what is left is deleted the next time.</exception>
    public Task DeleteAsync(long generation, CancellationToken cancellation) => _generations.DeleteAsync(generation, cancellation);

    /// <summary>
    /// Deletes what replays have left: generations that were not finished, and those that were replaced longer ago than they are kept.
    /// </summary>
    /// <returns>What was deleted.</returns>
    /// <exception cref="SlotStoreException">The store is out of reach.</exception>
    public async Task<IReadOnlyList<long>> CleanAsync(CancellationToken cancellation)
    {
        var (live, replaced) = (await _generations.LiveAsync(cancellation), await ReplacedAsync(cancellation));
        var deleted = new List<long>();
        foreach (var generation in await _generations.ListAsync(cancellation))
        {
            var isKept = replaced is { } kept && kept.Generation == generation && services.Time.GetUtcNow() < kept.Until;
            var isOurs = replaced?.Generation == generation
                || await RecordAsync(generation, cancellation) is null or { BegunMillis: not null };
            if (generation != live && !isKept && isOurs && await _generations.DeleteAsync(generation, cancellation))
            {
                deleted.Add(generation);
            }
        }

        return deleted;
    }

    private async Task<GenerationRecord?> RecordAsync(long generation, CancellationToken cancellation)
    {
        try
        {
            return await _generations.RecordAsync(generation, cancellation) is { } bytes ? GenerationRecord.Read(bytes.Span) : null;
        }
        catch (FormatException)
        {
            // Another build's: nothing is known of it, so it stays.
            return new GenerationRecord(1, ImmutableSortedDictionary<string, string>.Empty);
        }
    }

    private async Task<long?> MillisAsync(ReplayStart start, CancellationToken cancellation)
    {
        if (start.Place is not { } place)
        {
            return start.Millis is not { } since || await HasAnyAsync(since, cancellation)
                ? start.Millis
                : throw new ReplayException(
                    $"the log has no event at or after {new EventTime(since)}: a generation from there on would have no features; " +
                    "give an earlier time");
        }

        if (services.PlanOf(place.Topic) is null)
        {
            var known = string.Join(", ", services.Plans.Select(plan => plan.Source.Name));
            throw new ReplayException($"no feature view reads a topic {place.Topic}; there are {known}");
        }

        return await services.Log.DescribeTopicAsync(place.Topic, cancellation) is { } topic && place.Partition < topic.Partitions
            && place.Offset < await services.Log.EndOffsetAsync(place.InPartition, cancellation)
            ? await TimestampAsync(place, cancellation)
            : throw new ReplayException($"the log has no {place}");
    }

    private async Task<bool> HasAnyAsync(long sinceMillis, CancellationToken cancellation)
    {
        foreach (var plan in services.Plans)
        {
            var partitions = (await services.Log.DescribeTopicAsync(plan.Source.Name, cancellation))?.Partitions ?? 0;
            for (var i = 0; i < partitions; i++)
            {
                var partition = new TopicPartition(plan.Source.Name, i);
                if (await services.Log.OffsetForTimestampAsync(partition, sinceMillis, cancellation) is not null)
                {
                    return true;
                }
            }
        }

        return false;
    }

    private async Task<long?> TimestampAsync(EventPlace place, CancellationToken cancellation)
    {
        await using var reader = services.Log.Read(place.InPartition, place.Offset);
        var records = await reader.ReadAsync(1, cancellation);
        return records.Count > 0 ? records.Timestamps[0] : null;
    }

    private async Task<ImmutableArray<long>> FromAsync(
        TopicDescription topic, ReplayStart start, long? millis, CancellationToken cancellation)
    {
        var offsets = ImmutableArray.CreateBuilder<long>(topic.Partitions);
        for (var i = 0; i < topic.Partitions; i++)
        {
            var partition = new TopicPartition(topic.Topic, i);
            offsets.Add(start.Place is { } place && place.InPartition == partition ? place.Offset
                : millis is not { } since ? 0
                : await services.Log.OffsetForTimestampAsync(partition, since, cancellation)
                    ?? await services.Log.EndOffsetAsync(partition, cancellation));
        }

        return offsets.ToImmutable();
    }
}
