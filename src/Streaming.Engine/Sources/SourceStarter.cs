using Akka.Actor;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// Starts the sources of a topic, one for each partition, also for partitions that are added while the node runs. The region of the
/// entity type that a source feeds first hosts it. Thread-safe.
/// </summary>
internal sealed class SourceStarter(SourceBoard board, Func<string, IActorRef> regionOf)
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
            if (partitions <= first)
            {
                return;
            }

            _partitions[plan.Source.Name] = partitions;
            board.Expect(_partitions.Values.Sum());
            for (var partition = first; partition < partitions; partition++)
            {
                var ensure = new SourceProtocol.Ensure(new TopicPartition(plan.Source.Name, partition));
                regionOf(plan.Feeds[0].Entity.Name).Tell(ensure, ActorRefs.NoSender);
            }
        }
    }
}
