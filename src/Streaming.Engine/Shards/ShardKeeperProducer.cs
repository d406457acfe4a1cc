using Akka.Actor;
using Streaming.Engine.Deliveries;

namespace Streaming.Engine.Shards;

/// <summary>Makes the keeper of a shard.</summary>
internal sealed class ShardKeeperProducer(Shard shard, KeeperParts parts) : IIndirectActorProducer
{
    /// <inheritdoc/>
    public Type ActorType => typeof(ShardKeeper);

    /// <inheritdoc/>
    public ActorBase Produce() => new ShardKeeper(shard, parts);

    /// <inheritdoc/>
    public void Release(ActorBase actor)
    {
    }
}
