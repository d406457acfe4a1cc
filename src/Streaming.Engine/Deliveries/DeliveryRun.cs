using Akka.Actor;

namespace Streaming.Engine.Deliveries;

/// <summary>One run of a source over its partition; a later run repeats what earlier ones delivered. Compared by identity.</summary>
internal sealed class DeliveryRun(IActorRef source, int number)
{
    /// <summary>The source that delivers.</summary>
    public IActorRef Source { get; } = source;

    /// <summary>Counts the source's runs, for messages.</summary>
    public int Number { get; } = number;
}
