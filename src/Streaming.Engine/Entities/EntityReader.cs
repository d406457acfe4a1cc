// Hot: one look-up per read of an entity.
using System.Text;
using Akka.Actor;
using Streaming.Engine.Deliveries;
using Streaming.Engine.Shards;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.Serving;
using Streaming.Features.State;
using Streaming.Persistence.Redis;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Engine.Entities;

/// <summary>Reads entities in this process: from outside while nothing is being written, else by a query to the entity's actor.</summary>
internal sealed class EntityReader(EntityTable entities, OpenQueries queries, TimeSpan timeout, StateBound states, TimeProvider time)
{
    private const int Attempts = 4;

    /// <summary>Reads without waiting; as <see cref="IFeatureStore.TryRead"/>.</summary>
    public ReadOutcome TryRead(
        EntityReadPlan read, ReadOnlySpan<byte> key, long atMillis, EventBatch? request, int row, Span<FeatureValue> output) =>
        read.IsOptimistic && TryStateOf(read.Entity, key) is { } state
            ? state.TryRead(read, atMillis, request, row, output)
            : ReadOutcome.NotHere;

    /// <summary>Reads on the entity's actor, or from its snapshot; as <see cref="IFeatureStore.ReadAsync"/>.</summary>
    public async ValueTask<ReadOutcome> ReadAsync(
        EntityReadPlan read,
        ReadOnlyMemory<byte> key,
        long atMillis,
        EventBatch? request,
        int row,
        Memory<FeatureValue> output,
        CancellationToken cancellation)
    {
        var type = entities[read.Entity];
        var shard = type.ShardOf(key.Span);
        for (var isRetry = false; ; isRetry = true)
        {
            var rests = shard.Rests;
            if (!type.Directory.TryGet(key.Span, out var handle))
            {
                var (state, isStored) = await LoadAsync(type, key, cancellation);
                if (!type.Directory.TryGet(key.Span, out handle))
                {
                    if (!isStored && shard.Rests != rests)
                    {
                        continue;
                    }

                    // A query would only create its actor, and race with its first event.
                    var outcome = state.Read(read, atMillis, request, row, output.Span);
                    Recall(type, key, isStored);
                    return outcome;
                }
            }

            var query = new ReadEntity(read, handle.Key, atMillis, request, row, output);
            handle.Actor.Tell(query, ActorRefs.NoSender);
            if (await AnswerAsync(query, cancellation) is var answer && (answer != ReadOutcome.NotHere || isRetry))
            {
                return answer;
            }
        }
    }

    /// <summary>What an entity has applied, of one in memory or in a snapshot that is; null where it would have to be asked.</summary>
    public IReadOnlyList<(EntityFeed Feed, int Partition, long Offset)>? TryAppliedOf(EntityPlan plan, ReadOnlySpan<byte> key)
    {
        for (var attempt = 0; TryStateOf(plan, key) is { } state; attempt++)
        {
            var applied = state.TryAppliedOffsets();
            if (applied is not null || attempt == Attempts)
            {
                return applied;
            }
        }

        var shard = entities[plan].ShardOf(key);
        return shard.Opening is not null && shard.Cold.TryGet(key, out var bytes) && StateBytes.Read(plan, bytes.Span).State is { } cold
            ? [.. cold.AppliedOffsets()]
            : null;
    }

    /// <summary>What an entity in memory has applied; as <see cref="IFeatureStore.TryKnown"/>.</summary>
    public int TryKnown(EntityPlan plan, ReadOnlySpan<byte> key, Span<KnownOffset> known)
    {
        var spin = default(SpinWait);
        for (var attempt = 0; attempt < Attempts && TryStateOf(plan, key) is { } state; attempt++)
        {
            if (state.TryCopyApplied(known) is >= 0 and var count)
            {
                return count;
            }

            spin.SpinOnce(sleep1Threshold: -1);
        }

        return -1;
    }

    /// <summary>Lets what is in memory rest.</summary>
    public Task SettleAsync() => entities.Residency.SettleAsync();

    /// <summary>What is in memory, against its ceiling.</summary>
    public EntityMemory Memory => entities.Residency.Describe();

    /// <summary>An entity's state as bytes, as it is now; null for one that has had no events. It does not count as a use.</summary>
    /// <exception cref="TimeoutException">Its actor does not answer, or the store does not.</exception>
    public async Task<ReadOnlyMemory<byte>?> StateAsync(EntityType type, ReadOnlyMemory<byte> key, CancellationToken cancellation)
    {
        var shard = type.ShardOf(key.Span);
        var opening = await states.OpenedAsync(shard, cancellation);
        while (true)
        {
            var rests = shard.Rests;
            if (!type.Directory.TryGet(key.Span, out var handle))
            {
                var stored = shard.TryFind(key.Span, out var found)
                    ? found
                    : await SnapshotAsync(opening, key, Timeout.InfiniteTimeSpan, cancellation);
                if (!type.Directory.TryGet(key.Span, out handle))
                {
                    if (stored is null && shard.Rests != rests)
                    {
                        continue;
                    }

                    return stored;
                }
            }

            var query = new StateQuery();
            handle.Actor.Tell(query, ActorRefs.NoSender);
            if (await states.ReplyAsync(query, type, key, cancellation) is { } state)
            {
                return state;
            }
        }
    }

    /// <summary>Goes through all entities of a type.</summary>
    public EntityStates States(EntityType type) => new(type, states);

    /// <summary>The checkpoints of each shard.</summary>
    public IReadOnlyList<ShardStatus> Shards() =>
        [.. entities.Types.SelectMany(static type => type.Shards).Select(static shard => StatusOf(shard, shard.Checkpoint))];

    /// <summary>The entities in memory, by type.</summary>
    public IReadOnlyList<EntityCount> Count() => [.. entities.Types.Select(Count)];

    // Null where it is not known whether an entity that is not here has had events. One that has had none reads as the empty state.
    private EntityState? TryStateOf(EntityPlan plan, ReadOnlySpan<byte> key)
    {
        var type = entities[plan];
        if (type.Directory.TryGet(key, out var handle))
        {
            handle.Use(entities.Residency.Now);
            return handle.TryState;
        }

        var shard = type.ShardOf(key);
        var (rests, hadAbsent) = (shard.Rests, shard.HasAbsent);
        if (shard.Opening is null || shard.Cold.TryGet(key, out _))
        {
            return null;
        }

        // It may have got its actor between the two looks. What leaves memory says so first, so that is looked at last; what is loaded
        // is there before its shard has no absent ones, so that is looked at first, too.
        return type.Directory.TryGet(key, out handle) ? handle.TryState
            : hadAbsent || shard.HasAbsent || shard.Rests != rests ? null : shard.Empty;
    }

    private async Task<ReadOutcome> AnswerAsync(ReadEntity query, CancellationToken cancellation)
    {
        try
        {
            return await query.Reply.WaitAsync(timeout, time, cancellation);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException && !query.TryAbandon())
        {
            return await query.Reply;
        }
        finally
        {
            queries.Close(query);
        }
    }

    // An entity that is read is used: it comes back to memory, unless that is full.
    private void Recall(EntityType type, ReadOnlyMemory<byte> key, bool isStored)
    {
        if (isStored && !entities.Residency.IsOver)
        {
            entities.Residency.CountRecalled();
            type.Region.Tell(new ShardProtocol.Recall(key.ToArray()), ActorRefs.NoSender);
        }
    }

    // The state of an entity that is not here. It may come here meanwhile; if it does not, its snapshot had all its events.
    private async ValueTask<(EntityState State, bool IsStored)> LoadAsync(
        EntityType type, ReadOnlyMemory<byte> key, CancellationToken cancellation)
    {
        var shard = type.ShardOf(key.Span);
        var opening = await shard.OpenedAsync().WaitAsync(timeout, time, cancellation);
        if (!shard.TryFind(key.Span, out var snapshot))
        {
            snapshot = await SnapshotAsync(opening, key, timeout, cancellation);
        }

        if (snapshot is not { } bytes)
        {
            return (shard.NewState(), false);
        }

        var (state, fault) = StateBytes.Read(type.Plan, bytes.Span);
        if (state is null)
        {
            var entity = $"{type.Plan.Name}/{Mask.Key(key.Span)}";
            opening.Keeper.Tell(new ShardProtocol.SnapshotDamaged(opening, entity, fault), ActorRefs.NoSender);
            throw new TimeoutException($"the snapshot of {entity} cannot be read ({fault}); it is being rebuilt from the log");
        }

        return (state, true);
    }

    // The store has a bound of its own, which is longer than a score waits.
    private async Task<ReadOnlyMemory<byte>?> SnapshotAsync(
        ShardOpening opening, ReadOnlyMemory<byte> key, TimeSpan within, CancellationToken cancellation)
    {
        try
        {
            return await opening.Slot.LoadAsync(Encoding.UTF8.GetString(key.Span), cancellation).WaitAsync(within, time, cancellation);
        }
        catch (Exception e) when (e is SlotStoreException or SlotFencedException)
        {
            opening.Keeper.Tell(new ShardProtocol.LoadFailed(e), ActorRefs.NoSender);
            throw new TimeoutException($"the store of snapshots does not answer: {e.Message}", e);
        }
    }

    private static ShardStatus StatusOf(Shard shard, ShardCheckpoint done) => new(
        shard.Plan.Name,
        shard.Number,
        shard.Opening is not null,
        done.Flush,
        done.Age,
        done.Duration,
        done.Entities,
        done.Bytes,
        shard.DirtyEntities);

    private static EntityCount Count(EntityType type)
    {
        var (count, bytes) = (type.Shards.Sum(shard => (long)shard.Cold.Count), type.Shards.Sum(shard => shard.Cold.Bytes));
        foreach (var handle in type.Directory.Handles)
        {
            count++;
            bytes += handle.TryState?.MemoryBytes ?? 0;
        }

        return new EntityCount(type.Plan.Name, count, bytes);
    }
}
