using Akka.Actor;
using Streaming.Engine.Deliveries;

namespace Streaming.Engine.Entities;

/// <summary>Makes the actors of a type's entities, without reflection.</summary>
internal sealed class EntityProducer(EntityType type, IEntityLossListener losses) : IIndirectActorProducer
{
    public Type ActorType => typeof(EntityActor);

    public ActorBase Produce() => new EntityActor(type, losses);

    public void Release(ActorBase actor)
    {
    }
}
