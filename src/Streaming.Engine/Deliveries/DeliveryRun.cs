using Akka.Actor;
using Streaming.Engine.Checkpoints;

namespace Streaming.Engine.Deliveries;

/// <summary>One run of a source over its partition; a later run repeats what earlier ones delivered.</summary>
internal sealed class DeliveryRun(IActorRef source, RunId id, RunStart start, RunBasis basis)
{
    /// <summary>The source that delivers.</summary>
    public IActorRef Source { get; } = source;

    /// <summary>Its name.</summary>
    public RunId Id { get; } = id;

    /// <summary>Where it began to read. For its source.</summary>
    public RunStart Start { get; } = start;

    /// <summary>The shards that it feeds, as they were when it began; elsewhere the one that it was sent to.</summary>
    public RunBasis Basis { get; } = basis;
}
