using Akka.Actor;
using Streaming.Engine.Deliveries;

namespace Streaming.Engine.Entities;

/// <summary>Makes the actor of one entity, without reflection.</summary>
internal sealed class EntityProducer(EntityType type, IEntityLossListener losses, byte[] key) : IIndirectActorProducer
{
    public Type ActorType => typeof(EntityActor);

    public ActorBase Produce() => new EntityActor(type, losses, key);

    public void Release(ActorBase actor)
    {
    }
}
