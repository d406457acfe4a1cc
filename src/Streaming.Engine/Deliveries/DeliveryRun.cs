using Akka.Actor;
using Streaming.Engine.Checkpoints;

namespace Streaming.Engine.Deliveries;

/// <summary>One run of a source over its partition; a later run repeats what earlier ones delivered. Compared by identity.</summary>
internal sealed class DeliveryRun(IActorRef source, long number, RunStart start)
{
    /// <summary>The source that delivers.</summary>
    public IActorRef Source { get; } = source;

    /// <summary>Counts the source's runs, for messages.</summary>
    public long Number { get; } = number;

    /// <summary>Where it began to read.</summary>
    public RunStart Start { get; } = start;
}
