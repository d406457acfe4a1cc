using Akka.Actor;
using Streaming.Engine.Deliveries;
using Streaming.Features.Events;
using Streaming.Features.Plans;

namespace Streaming.Engine.Sources;

/// <summary>One entity that a source feeds: its actor, and the deliveries sent to it.</summary>
internal sealed class EntityRoute(byte[] key)
{
    private EntityHandle? _handle;
    private ReadInFlight? _throughRegion;

    /// <summary>The entity key, UTF-8.</summary>
    public byte[] Key { get; } = key;

    /// <summary>The last offset that the current run sent to it; -1 when none.</summary>
    public long LastOffset { get; set; } = -1;

    /// <summary>The read that the next two belong to.</summary>
    public int Read { get; set; }

    /// <summary>Rows of the current read for this entity; later where their rows begin.</summary>
    public int Rows { get; set; }

    /// <summary>The next delivery of the current run, with some rows of a read; in the order of their offsets.</summary>
    public Delivery Deliver(
        DeliveryRun run, ReadInFlight read, int number, EntityFeed feed, EventBatch batch, ArraySegment<int> rows)
    {
        var delivery = new Delivery(Key, LastOffset, run, read, number, feed, batch, rows);
        LastOffset = batch.Offsets[rows[^1]];
        return delivery;
    }

    /// <summary>
    /// The target of the next delivery: the entity's actor, if it is in this process, else the region. The actor is used only after
    /// everything sent through the region is applied, so that no delivery overtakes another.
    /// </summary>
    public IActorRef Target(EntityDirectory directory, IActorRef region, ReadInFlight read)
    {
        if (_handle is { IsAlive: true })
        {
            return _handle.Actor;
        }

        if (_throughRegion is null or { Done.IsCompleted: true } && directory.TryGet(Key, out var handle) && handle.IsAlive)
        {
            _handle = handle;
            _throughRegion = null;
            return handle.Actor;
        }

        _throughRegion = read;
        return region;
    }
}
