using Akka.Actor;
using Streaming.Features.State;

namespace Streaming.Engine.Deliveries;

/// <summary>One entity in this process: its actor, the only writer, and its state, which any thread may read.</summary>
internal sealed class EntityHandle(byte[] key, IActorRef actor, EntityState state)
{
    private volatile bool _isAlive = true;
    private volatile EntityState? _state = state;
    private volatile int _written;
    private int _lastUsed;

    /// <summary>The entity key, UTF-8.</summary>
    public byte[] Key { get; } = key;

    /// <summary>The target of deliveries that bypass the region.</summary>
    public IActorRef Actor { get; } = actor;

    /// <summary>The state. For the actor.</summary>
    public EntityState State => _state!;

    /// <summary>The state; null once the actor has stopped.</summary>
    public EntityState? TryState => _state;

    /// <summary>Whether the actor is still the entity's owner; once false it stays so.</summary>
    public bool IsAlive => _isAlive;

    /// <summary>The flush that the state was taken for last. Set by the actor.</summary>
    public int TakenFlush { get; set; }

    /// <summary>Whether the state that was taken last is in the slot.</summary>
    public bool IsWritten => _written == TakenFlush;

    /// <summary>When it was read or had an event last, in <see cref="Residency.Now"/>.</summary>
    public int LastUsed => Volatile.Read(ref _lastUsed);

    /// <summary>It is read, or has an event. Writes only news: readers on all cores share the line.</summary>
    public void Use(int now)
    {
        if (_lastUsed != now)
        {
            _lastUsed = now;
        }
    }

    /// <summary>The state that was taken for a flush is in the slot.</summary>
    public void Written(int flush) => _written = flush;

    /// <summary>The actor has stopped: whoever still has the handle is not to keep the state.</summary>
    public void Release() => _state = null;

    /// <summary>Marks the handle as ended: its holders send through the region again.</summary>
    public void Retire() => _isAlive = false;
}
