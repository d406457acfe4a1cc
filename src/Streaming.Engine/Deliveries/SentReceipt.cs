using Akka.Actor;

namespace Streaming.Engine.Deliveries;

/// <summary>Confirms deliveries of a source that is elsewhere.</summary>
internal sealed class SentReceipt(DeliveryRun run, long number) : IDeliveryReceipt
{
    /// <inheritdoc/>
    public long Number { get; } = number;

    /// <inheritdoc/>
    public void Confirm(int delivery, long late, long duplicates) =>
        run.Source.Tell(new DeliveryConfirmed(run.Id, Number, delivery, late, duplicates), ActorRefs.NoSender);
}
