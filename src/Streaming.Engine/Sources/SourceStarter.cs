using Akka.Actor;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// Starts the sources of a topic, one for each partition, also for partitions that are added while the node runs, and starts those again
/// that have stopped. Thread-safe.
/// </summary>
/// <param name="board">Learns how many sources there should be.</param>
/// <param name="region">The region that hosts all sources.</param>
internal sealed class SourceStarter(SourceBoard board, Func<IActorRef> region)
{
    private readonly Dictionary<string, int> _partitions = [];

    /// <summary>
    /// Starts the sources that are missing. Topics never lose partitions, so a smaller number is outdated and ignored.
    /// </summary>
    public void Ensure(SourcePlan plan, int partitions)
    {
        lock (_partitions)
        {
            var first = _partitions.GetValueOrDefault(plan.Source.Name);
            if (partitions > first)
            {
                _partitions[plan.Source.Name] = partitions;
                board.Expect(_partitions.Values.Sum());
                Start(plan.Source.Name, first);
            }
        }
    }

    /// <summary>Starts the sources that have stopped; those that run ignore it.</summary>
    public void EnsureAll()
    {
        lock (_partitions)
        {
            foreach (var (topic, _) in _partitions)
            {
                Start(topic, 0);
            }
        }
    }

    private void Start(string topic, int first)
    {
        for (var partition = first; partition < _partitions[topic]; partition++)
        {
            region().Tell(new SourceProtocol.Ensure(new TopicPartition(topic, partition)), ActorRefs.NoSender);
        }
    }
}
