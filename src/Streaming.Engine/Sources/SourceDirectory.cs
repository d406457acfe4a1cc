using System.Collections.Concurrent;
using Akka.Actor;
using Streaming.Engine.Deliveries;
using Streaming.Features.Plans;
using Streaming.Features.State;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>The sources of this process. Those that fed a lost entity read again; all stop before the node does. Thread-safe.</summary>
internal sealed class SourceDirectory(SourceBoard board) : IEntityLossListener
{
    private readonly ConcurrentDictionary<TopicPartition, IActorRef> _sources = new();
    private volatile bool _isStopping;
    private Task? _stopped;

    /// <inheritdoc/>
    public bool IsStopping => _isStopping;

    /// <summary>Adds a source; a restarted one replaces its earlier instance.</summary>
    public void Add(TopicPartition partition, IActorRef source) => _sources[partition] = source;

    /// <summary>Removes a source that has stopped, unless a later one has replaced it.</summary>
    public void Remove(TopicPartition partition, IActorRef source) => _sources.TryRemove(KeyValuePair.Create(partition, source));

    /// <inheritdoc/>
    public void BeforeLoss(EntityState state)
    {
        foreach (var (partition, _) in SourcesOf(state))
        {
            board.Lose(partition);
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A restarted entity notices the gap at its first delivery, but every source that fed it must read again, also one that has no
    /// more events for it. While the node stops, entities stop as intended.
    /// </remarks>
    public void AfterLoss(EntityState state, string entity)
    {
        foreach (var (_, source) in SourcesOf(state))
        {
            source.Tell(new EntityLost(entity), ActorRefs.NoSender);
        }
    }

    /// <inheritdoc/>
    public void Distrust(EntityPlan plan, string entity)
    {
        foreach (var (partition, source) in _sources.Where(source => plan.Feeds.Any(feed => feed.Source.Name == source.Key.Topic)))
        {
            board.Lose(partition);
            source.Tell(new EntityLost(entity), ActorRefs.NoSender);
        }
    }

    /// <summary>Ends all runs and commits what is applied; after it no source uses the log. Repeated calls return the same task.</summary>
    /// <param name="timeout">The bound of the wait for a log or registry that does not respond.</param>
    public Task StopAsync(TimeSpan timeout)
    {
        lock (_sources)
        {
            return _stopped ??= StopAllAsync(timeout);
        }
    }

    // None while the node stops.
    private IEnumerable<KeyValuePair<TopicPartition, IActorRef>> SourcesOf(EntityState state) =>
        _sources.Where(source => !_isStopping && HasFed(source.Key, state));

    private static bool HasFed(TopicPartition source, EntityState state) =>
        state.Plan.Feeds.Any(feed => feed.Source.Name == source.Topic && state.AppliedOffset(feed, source.Partition) >= 0);

    private async Task StopAllAsync(TimeSpan timeout)
    {
        _isStopping = true;
        try
        {
            await Task.WhenAll(_sources.Values.Select(source => source.Ask<SourceProtocol.Stopped>(SourceProtocol.Stop.Instance, timeout)));
        }
        catch (AskTimeoutException)
        {
            // Shutdown continues: an older offset stays committed, and a restart writes some dead letters again under the same ids.
        }
    }
}
