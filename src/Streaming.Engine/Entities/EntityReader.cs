// Hot: one look-up per read of an entity.
using Akka.Actor;
using Streaming.Engine.Deliveries;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.Serving;
using Streaming.Features.State;

namespace Streaming.Engine.Entities;

/// <summary>Reads entities in this process: from outside while nothing is being written, else by a query to the entity's actor.</summary>
internal sealed class EntityReader(EntityTable entities, TimeSpan timeout, TimeProvider time)
{
    /// <summary>Reads without waiting; as <see cref="IFeatureStore.TryRead"/>.</summary>
    public ReadOutcome TryRead(
        EntityReadPlan read, ReadOnlySpan<byte> key, long atMillis, EventBatch? request, int row, Span<FeatureValue> output) =>
        read.IsOptimistic ? StateOf(read.Entity, key).TryRead(read, atMillis, request, row, output) : ReadOutcome.NotHere;

    /// <summary>Reads on the entity's actor; as <see cref="IFeatureStore.ReadAsync"/>.</summary>
    public async ValueTask<ReadOutcome> ReadAsync(
        EntityReadPlan read,
        ReadOnlyMemory<byte> key,
        long atMillis,
        EventBatch? request,
        int row,
        Memory<FeatureValue> output,
        CancellationToken cancellation)
    {
        if (!entities[read.Entity].Directory.TryGet(key.Span, out var handle))
        {
            // It has had no events: a query would only create its actor, and race with its first event.
            return new EntityState(read.Entity).Read(read, atMillis, request, row, output.Span);
        }

        var query = new ReadEntity(read, atMillis, request, row, output);
        handle.Actor.Tell(query, ActorRefs.NoSender);
        try
        {
            return await query.Reply.WaitAsync(timeout, time, cancellation);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException && !query.TryAbandon())
        {
            return await query.Reply;
        }
    }

    /// <summary>The entities in memory, by type.</summary>
    public IReadOnlyList<EntityCount> Count() => [.. entities.Types.Select(type => Count(type.Plan.Name, type.Directory))];

    // A key that is not here has had no events: it reads as the empty state, as an entity does before its first event.
    private EntityState StateOf(EntityPlan plan, ReadOnlySpan<byte> key)
    {
        var type = entities[plan];
        return type.Directory.TryGet(key, out var handle) ? handle.State : type.Empty;
    }

    private static EntityCount Count(string name, EntityDirectory directory)
    {
        var (count, bytes) = (0L, 0L);
        foreach (var handle in directory.Handles)
        {
            count++;
            bytes += handle.State.MemoryBytes;
        }

        return new EntityCount(name, count, bytes);
    }
}
