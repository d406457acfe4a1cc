using Akka.Actor;
using Streaming.Features.State;

namespace Streaming.Engine.Entities;

/// <summary>One entity that lives in this process: its actor, which alone may write, and its state, which anyone may read.</summary>
internal sealed class EntityHandle(byte[] key, IActorRef actor, EntityState state)
{
    private volatile bool _isAlive = true;

    /// <summary>The entity key, UTF-8.</summary>
    public byte[] Key { get; } = key;

    /// <summary>Where deliveries go without a detour through the region.</summary>
    public IActorRef Actor { get; } = actor;

    /// <summary>The state.</summary>
    public EntityState State { get; } = state;

    /// <summary>Whether the actor is still the entity's owner; once false it stays so.</summary>
    public bool IsAlive => _isAlive;

    /// <summary>Ends the handle; who holds it asks the region again.</summary>
    public void Retire() => _isAlive = false;
}
