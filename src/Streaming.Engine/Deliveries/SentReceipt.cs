using Akka.Actor;

namespace Streaming.Engine.Deliveries;

/// <summary>Confirms a bundle of deliveries of a source that is elsewhere, when all are applied.</summary>
internal sealed class SentReceipt(DeliveryRun run, long number, int first, int deliveries) : IDeliveryReceipt
{
    private int _applied;
    private long _late;
    private long _duplicates;

    /// <inheritdoc/>
    public long Number { get; } = number;

    /// <inheritdoc/>
    public void Confirm(int delivery, long late, long duplicates)
    {
        Interlocked.Add(ref _late, late);
        Interlocked.Add(ref _duplicates, duplicates);
        if (Interlocked.Increment(ref _applied) == deliveries)
        {
            var (allLate, allDuplicates) = (Volatile.Read(ref _late), Volatile.Read(ref _duplicates));
            run.Source.Tell(new DeliveryConfirmed(run.Id, Number, first, deliveries, allLate, allDuplicates), ActorRefs.NoSender);
        }
    }
}
