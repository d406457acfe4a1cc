// Hot: one call for each entity and read that goes through a region.
using Akka.Actor;
using Streaming.Engine.Deliveries;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// Bundles the deliveries of a read by shard. A bundle fits a frame: what is more goes in the next one, if need be with the other rows of
/// the same entity. A row that is larger than a frame goes alone. Used by one router.
/// </summary>
internal sealed class DeliveryBundles(EntityFeed feed, IActorRef region, int shards, int frameBytes)
{
    private const int HeadBytes = (2 * sizeof(int)) + sizeof(long);

    private readonly FeedColumns _columns = new(feed);
    private readonly List<Delivery>?[] _open = new List<Delivery>?[shards];
    private readonly int[] _bytes = new int[shards];

    /// <summary>Adds the rows of an entity, in one delivery if they fit.</summary>
    public void Add(EventBatch batch, ArraySegment<int> rows, EntityRoute route, DeliveryRun run, ReadInFlight read, int number)
    {
        var shard = Murmur2.Partition(route.Key, shards);
        var head = HeadBytes + route.Key.Length;
        var (first, bytes) = (0, head);
        for (var i = 0; i < rows.Count; i++)
        {
            var row = _columns.RowBytes(batch, rows[i]);
            if (_bytes[shard] + bytes + row > frameBytes && (i > first || _bytes[shard] > 0))
            {
                if (i > first)
                {
                    Put(shard, route.Deliver(run, read, read.Expect(1), feed, batch, rows[first..i]), bytes);
                    (first, bytes) = (i, head);
                }

                Send(shard);
            }

            bytes += row;
        }

        Put(shard, route.Deliver(run, read, number, feed, batch, rows[first..]), bytes);
    }

    /// <summary>Sends what is left.</summary>
    public void Send()
    {
        for (var shard = 0; shard < shards; shard++)
        {
            Send(shard);
        }
    }

    private void Put(int shard, Delivery delivery, int bytes)
    {
        (_open[shard] ??= []).Add(delivery);
        _bytes[shard] += bytes;
    }

    private void Send(int shard)
    {
        if (_open[shard] is { } deliveries)
        {
            region.Tell(new DeliveryBundle(shard, deliveries), ActorRefs.NoSender);
            (_open[shard], _bytes[shard]) = (null, 0);
        }
    }
}
