using System.Collections.Concurrent;
using Akka.Actor;
using Streaming.Engine.Entities;
using Streaming.Features.State;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>The sources of this process: who must read again when an entity is lost, and who stops first when the node does. Thread-safe.</summary>
internal sealed class SourceDirectory(SourceBoard board)
{
    private readonly ConcurrentDictionary<TopicPartition, IActorRef> _sources = new();
    private volatile bool _isStopping;
    private Task? _stopped;

    /// <summary>Whether the sources are stopping or have stopped, and with them the engine.</summary>
    public bool IsStopping => _isStopping;

    /// <summary>Makes a source known; a later life takes the place of an earlier one.</summary>
    public void Enter(TopicPartition partition, IActorRef source) => _sources[partition] = source;

    /// <summary>An entity is about to go with its state: until its sources have read again, nobody may take this node for caught up.</summary>
    public void Lose(EntityState state)
    {
        foreach (var (partition, _) in SourcesOf(state))
        {
            board.Lose(partition);
        }
    }

    /// <summary>
    /// An entity is gone. Its next life would find the gap in the first delivery it gets, but each source that fed it must read
    /// again, and one whose events for it have ended would never deliver. While the node stops, entities go as they should.
    /// </summary>
    public void TellLost(EntityState state, string entity)
    {
        foreach (var (_, source) in SourcesOf(state))
        {
            source.Tell(new EntityLost(entity), ActorRefs.NoSender);
        }
    }

    /// <summary>Ends all runs and commits what is applied; after it no source uses the log. Again is the same stop.</summary>
    /// <param name="timeout">The bound of the wait for a log or registry that does not answer.</param>
    public Task StopAsync(TimeSpan timeout)
    {
        lock (_sources)
        {
            return _stopped ??= StopAllAsync(timeout);
        }
    }

    // None while the node stops.
    private IEnumerable<KeyValuePair<TopicPartition, IActorRef>> SourcesOf(EntityState state) => _sources.Where(source =>
        !_isStopping && state.Plan.Feeds.Any(feed => feed.Source.Name == source.Key.Topic && state.AppliedOffset(feed, source.Key.Partition) >= 0));

    private async Task StopAllAsync(TimeSpan timeout)
    {
        _isStopping = true;
        try
        {
            await Task.WhenAll(_sources.Values.Select(source => source.Ask<SourceProtocol.Stopped>(SourceProtocol.Stop.Instance, timeout)));
        }
        catch (AskTimeoutException)
        {
            // Shutdown goes on: the committed offset is older than need be, and a restart writes some dead letters again under the same ids.
        }
    }
}
