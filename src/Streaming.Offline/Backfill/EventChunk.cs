using Streaming.Features.Events;

namespace Streaming.Offline.Backfill;

/// <summary>Rows of the spine: the events that features are wanted for, each as of its own time and place in the order.</summary>
/// <param name="Batch">The events' fields.</param>
/// <param name="Keys">The entity keys, by the index of the field that holds them.</param>
/// <param name="Times">The event time of each row.</param>
/// <param name="Count">How many rows.</param>
/// <param name="Order">The rows in event-time order; empty where they are.</param>
internal sealed record SpineChunk(EventBatch Batch, KeyColumn?[] Keys, long[] Times, int Count, int[] Order);
