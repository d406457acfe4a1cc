using Akka.Actor;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// Starts the sources of a topic, one for each partition, also of partitions that are added while the node runs. A source lives in the
/// region of the entity that it feeds first. Thread-safe.
/// </summary>
internal sealed class SourceStarter(SourceBoard board, Func<string, IActorRef> regionOf)
{
    private readonly Dictionary<string, int> _partitions = [];

    /// <summary>
    /// Starts the sources that are missing. Partitions are never taken from a topic, so fewer are an answer that is out of date.
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
