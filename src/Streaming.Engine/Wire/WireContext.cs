using System.Collections.Concurrent;
using System.Collections.Frozen;
using Akka.Actor;
using Akka.Serialization;
using Streaming.Engine.Checkpoints;
using Streaming.Engine.Deliveries;
using Streaming.Engine.Entities;
using Streaming.Features.Events;
using Streaming.Features.Plans;

namespace Streaming.Engine.Wire;

/// <summary>What messages name and each node has for itself: actors, feeds, runs, read plans. Thread-safe.</summary>
internal sealed class WireContext
{
    private const int KnownMax = 1_024;

    private readonly ExtendedActorSystem _system;
    private readonly WireSetup _setup;
    private readonly FrozenDictionary<ulong, FeedColumns> _feeds;
    private readonly ConcurrentDictionary<(RunId Id, (string Type, int Shard, ShardStamp Stamp) To), DeliveryRun> _runs = new();
    private readonly ConcurrentDictionary<byte[], EntityReadPlan> _plans = new(Utf8KeyComparer.Instance);

    public WireContext(ExtendedActorSystem system)
    {
        _system = system;
        var setup = system.Settings.Setup.Get<WireSetup>();
        _setup = setup.HasValue ? setup.Value : new WireSetup([], new OpenQueries());
        _feeds = _setup.Plans.SelectMany(static plan => plan.Feeds).Select(static feed => new FeedColumns(feed))
            .ToFrozenDictionary(static feed => feed.Id);
    }

    /// <summary>The queries that have left this process.</summary>
    public OpenQueries Queries => _setup.Queries;

    /// <summary>An actor's path, with its node where it is written for another one.</summary>
    public static string PathOf(IActorRef actor) => Serialization.SerializedActorPath(actor);

    /// <summary>The actor of a path.</summary>
    public IActorRef ActorOf(string path) => _system.Provider.ResolveActorRef(path);

    /// <summary>The columns of a feed.</summary>
    public FeedColumns ColumnsOf(EntityFeed feed)
    {
        foreach (var columns in _feeds.Values)
        {
            if (ReferenceEquals(columns.Feed, feed))
            {
                return columns;
            }
        }

        throw new FormatException($"the feed {feed.Entity.Name} {feed.Name} is none of this actor system's engine");
    }

    /// <summary>The feed and columns of an id.</summary>
    public FeedColumns ColumnsOf(ulong id) => _feeds.TryGetValue(id, out var columns)
        ? columns
        : throw new FormatException(
            $"no feed of this node has the columns {id:x16}: the sender has other feature definitions; give all nodes the same");

    /// <summary>The run of a delivery: the same object again for most deliveries of a run.</summary>
    /// <param name="id">Its name.</param>
    /// <param name="source">Its source's path.</param>
    /// <param name="to">The shard that the delivery was sent to, as it was when the run began.</param>
    public DeliveryRun RunOf(RunId id, string source, (string Type, int Shard, ShardStamp Stamp) to)
    {
        if (_runs.TryGetValue((id, to), out var run))
        {
            return run;
        }

        Bound(_runs);
        return _runs.GetOrAdd((id, to), new DeliveryRun(ActorOf(source), id, default, RunBasis.Of(to.Type, to.Shard, to.Stamp)));
    }

    /// <summary>The plan that reads features of an entity type.</summary>
    /// <param name="written">Both, as they are in the message: what the plan is known by.</param>
    /// <param name="entity">The entity type's name.</param>
    /// <param name="features">Full names.</param>
    public EntityReadPlan PlanOf(byte[] written, string entity, string[] features)
    {
        if (_plans.TryGetValue(written, out var known))
        {
            return known;
        }

        var type = _setup.Plans.FirstOrDefault(plan => plan.Name == entity);
        var plan = type is null ? null : EntityReadPlan.For(type, features);
        if (plan is null)
        {
            throw new FormatException(
                $"this node does not have all of {entity}'s features {string.Join(", ", features)}: give all nodes the same definitions");
        }

        Bound(_plans);
        return _plans.GetOrAdd(written, plan);
    }

    // Full of what is old: it begins again.
    private static void Bound<TKey, TValue>(ConcurrentDictionary<TKey, TValue> known)
        where TKey : notnull
    {
        if (known.Count >= KnownMax)
        {
            known.Clear();
        }
    }
}
