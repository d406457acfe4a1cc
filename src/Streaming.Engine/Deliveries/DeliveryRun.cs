using Akka.Actor;
using Streaming.Engine.Checkpoints;

namespace Streaming.Engine.Deliveries;

/// <summary>One run of a source over its partition; a later run repeats what earlier ones delivered.</summary>
internal sealed class DeliveryRun(IActorRef source, RunId id, RunStart start)
{
    /// <summary>The source that delivers.</summary>
    public IActorRef Source { get; } = source;

    /// <summary>Its name.</summary>
    public RunId Id { get; } = id;

    /// <summary>Where it began to read.</summary>
    public RunStart Start { get; } = start;
}
