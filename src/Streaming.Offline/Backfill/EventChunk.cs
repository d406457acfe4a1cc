using Streaming.Features.Events;

namespace Streaming.Offline.Backfill;

/// <summary>
/// Some events of one source for a point-in-time join. Of the spine they are the rows that features are wanted for, each as of its own
/// time and place in the order; of another source they are what the entities know by then.
/// </summary>
/// <param name="Batch">The events' fields.</param>
/// <param name="Keys">The entity keys, by the index of the field that holds them.</param>
/// <param name="Times">When the join comes to each row: at its event time, or when it was in the log where that is later.</param>
/// <param name="Count">How many rows.</param>
/// <param name="Order">The rows in the order of <paramref name="Times"/>; empty where they are.</param>
public sealed record EventChunk(EventBatch Batch, KeyColumn?[] Keys, long[] Times, int Count, int[] Order)
{
    /// <summary>The row that is the <paramref name="place"/>-th in the order.</summary>
    internal int RowAt(int place) => Order.Length == 0 ? place : Order[place];
}

/// <summary>Part of a chunk: the rows at these places of its order, the last exclusive.</summary>
internal readonly record struct EventSlice(EventChunk Chunk, int First, int Until);
