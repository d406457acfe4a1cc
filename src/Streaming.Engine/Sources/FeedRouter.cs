// Hot: two passes over the rows of every read.
using Akka.Actor;
using Streaming.Engine.Checkpoints;
using Streaming.Engine.Deliveries;
using Streaming.Features.Events;
using Streaming.Features.Plans;

namespace Streaming.Engine.Sources;

/// <summary>
/// Groups the rows of a read by the entity that a feed's key field names, and sends each entity its rows as one delivery, those that go
/// through the region in one bundle a shard. Keeps a
/// route for every entity that its source has fed since the restart point: what is before it is in every slot, so whoever has none of
/// what is behind it can have missed nothing. Used by one source.
/// </summary>
internal sealed class FeedRouter
{
    private const int SmallRows = 1_024;
    private const int WasteMax = 4;
    private const int RoutesMin = 4_096;

    private readonly EntityDirectory _directory;
    private readonly IActorRef _region;
    private readonly bool _direct;
    private readonly DeliveryBundles _bundles;
    private readonly Func<RunBasis, long> _trimOffset;
    private readonly Dictionary<byte[], EntityRoute> _routes = new(Utf8KeyComparer.Instance);
    private readonly Dictionary<byte[], EntityRoute>.AlternateLookup<ReadOnlySpan<byte>> _byBytes;
    private readonly List<EntityRoute> _touched = [];
    private EntityRoute[] _routeOfRow = [];
    private int _routesBeforeTrim = RoutesMin;
    private long _trimmedAt = -1;
    private int _read;

    /// <param name="feed">The feed.</param>
    /// <param name="directory">The entities in this process.</param>
    /// <param name="region">Takes what is for others.</param>
    /// <param name="settings">Whether deliveries may bypass the region, and how large one may be that does not.</param>
    /// <param name="trimOffset">The offset before which the slots of a run's shards have everything.</param>
    public FeedRouter(
        EntityFeed feed, EntityDirectory directory, IActorRef region, EngineSettings settings, Func<RunBasis, long> trimOffset)
    {
        _trimOffset = trimOffset;
        _bundles = new DeliveryBundles(feed, region, settings.Shards, settings.FrameBytes);
        _direct = settings.DirectDelivery;
        Feed = feed;
        _directory = directory;
        _region = region;
        _byBytes = _routes.GetAlternateLookup<ReadOnlySpan<byte>>();
    }

    /// <summary>The feed.</summary>
    public EntityFeed Feed { get; }

    /// <summary>Begins a run, in which everything is sent again.</summary>
    public void BeginRun()
    {
        _routes.Clear();
        _trimmedAt = -1;
        _routesBeforeTrim = RoutesMin;
    }

    /// <summary>Sends the rows of a decoded read that are accepted for this feed.</summary>
    public void Send(DecodedRead decoded, DeliveryRun run, ReadInFlight read)
    {
        var rows = decoded.RowsOf(Feed);
        TrimRoutes(decoded.Batch, _trimOffset(run.Basis));
        Group(decoded.Batch, rows);
        var sorted = decoded.SortedOf(Feed);
        Sort(rows, sorted);
        var (start, number) = (0, read.Expect(_touched.Count));
        foreach (var route in _touched)
        {
            // After the sort, Rows is where the entity's rows end.
            var slice = new ArraySegment<int>(sorted, start, route.Rows - start);
            start = route.Rows;
            var target = _direct ? route.Target(_directory, _region, read) : _region;
            if (ReferenceEquals(target, _region))
            {
                _bundles.Add(decoded.Batch, slice, route, run, read, number++);
            }
            else
            {
                target.Tell(route.Deliver(run, read, number++, Feed, decoded.Batch, slice), ActorRefs.NoSender);
            }
        }

        _bundles.Send();
    }

    private void Group(EventBatch batch, ReadOnlySpan<int> rows)
    {
        _read++;
        _touched.Clear();
        if (_routeOfRow.Length < rows.Length || _routeOfRow.Length / WasteMax > Math.Max(rows.Length, SmallRows))
        {
            // Also when it is far too large: a source that has caught up keeps nothing of what catching up took.
            _routeOfRow = new EntityRoute[rows.Length];
            _touched.Capacity = _touched.Count;
        }

        var keys = batch.Texts(Feed.KeyField);
        for (var i = 0; i < rows.Length; i++)
        {
            var route = RouteOf(keys[rows[i]]);
            if (route.Read != _read)
            {
                route.Read = _read;
                route.Rows = 0;
                _touched.Add(route);
            }

            route.Rows++;
            _routeOfRow[i] = route;
        }
    }

    // A counting sort: stable, so each entity's rows stay in offset order.
    private void Sort(ReadOnlySpan<int> rows, int[] sorted)
    {
        var start = 0;
        foreach (var route in _touched)
        {
            (route.Rows, start) = (start, start + route.Rows);
        }

        for (var i = 0; i < rows.Length; i++)
        {
            sorted[_routeOfRow[i].Rows++] = rows[i];
        }
    }

    // When twice as many are there as were left the last time, or all of those are behind the restart point: a constant cost a route.
    private void TrimRoutes(EventBatch batch, long restart)
    {
        if (batch.Count == 0 || (_routes.Count < _routesBeforeTrim && restart <= _trimmedAt))
        {
            return;
        }

        _trimmedAt = batch.Offsets[batch.Count - 1];
        foreach (var (key, route) in _routes)
        {
            if (route.LastOffset < restart)
            {
                _routes.Remove(key);
            }
        }

        _routesBeforeTrim = Math.Max(RoutesMin, 2 * _routes.Count);
    }

    private EntityRoute RouteOf(ReadOnlySpan<byte> key)
    {
        if (!_byBytes.TryGetValue(key, out var route))
        {
            route = new EntityRoute(key.ToArray());
            _routes.Add(route.Key, route);
        }

        return route;
    }
}
