namespace Streaming.Engine.Deliveries;

/// <summary>What a delivery confirms to: the read itself where the source is in this process, else a message to the source.</summary>
internal interface IDeliveryReceipt
{
    /// <summary>The number of the read, among those of its source.</summary>
    long Number { get; }

    /// <summary>A delivery is applied.</summary>
    /// <param name="delivery">Which of the read's deliveries.</param>
    /// <param name="late">Events that were too late for every window of the entity.</param>
    /// <param name="duplicates">Events that the entity had before.</param>
    void Confirm(int delivery, long late, long duplicates);
}
