using Akka.Actor;
using Streaming.Engine.Checkpoints;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Engine.Deliveries;

/// <summary>A shard as its keeper opened it. Compared by identity: a shard that opens again has another one.</summary>
/// <param name="slot">The slot, with the token that the keeper has taken.</param>
/// <param name="keeper">The keeper.</param>
/// <param name="durable">What the slot vouched for then: the shard admits runs that began at or before it.</param>
internal sealed class ShardOpening(IShardSlot slot, IActorRef keeper, Marks durable)
{
    /// <summary>The slot.</summary>
    public IShardSlot Slot { get; } = slot;

    /// <summary>The keeper.</summary>
    public IActorRef Keeper { get; } = keeper;

    /// <summary>What the slot vouched for then.</summary>
    public Marks Durable { get; } = durable;
}
