namespace Streaming.Engine.Deliveries;

/// <summary>
/// The deliveries of one read and feed for the entities of one shard, in one message: what goes through a shard region, and so perhaps to
/// another node. In the shard each goes to its entity. In a process it holds them as they are, and each confirms to its read; elsewhere
/// they are confirmed by one message.
/// </summary>
/// <param name="shard">The shard's number.</param>
/// <param name="deliveries">The deliveries, at least one.</param>
internal sealed class DeliveryBundle(int shard, IReadOnlyList<Delivery> deliveries) : IWireMessage
{
    /// <summary>The shard's number.</summary>
    public int Shard { get; } = shard;

    /// <summary>The deliveries.</summary>
    public IReadOnlyList<Delivery> Deliveries { get; } = deliveries;
}
