using System.Diagnostics.CodeAnalysis;
using System.Text;
using Akka.Actor;
using Streaming.Engine.Deliveries;
using Streaming.Engine.Shards;

namespace Streaming.Engine.Entities;

/// <summary>
/// An entity that is being loaded from its snapshot: what reaches it meanwhile waits, up to a bound. A store that does not answer is
/// asked again.
/// </summary>
internal sealed class EntityRecovery
{
    private const int StashMax = 1_024;
    private static readonly TimeSpan s_retryAfter = TimeSpan.FromMilliseconds(500);

    private readonly Shard _shard;
    private readonly byte[] _key;
    private readonly IActorRef _entity;
    private readonly Queue<object> _stash;

    /// <param name="shard">The shard.</param>
    /// <param name="key">The entity key, UTF-8.</param>
    /// <param name="entity">The entity.</param>
    /// <param name="left">What the one before it was sent and has not applied: before all that comes.</param>
    public EntityRecovery(Shard shard, byte[] key, IActorRef entity, IEnumerable<Delivery> left)
    {
        _stash = new Queue<object>(left);
        _shard = shard;
        _key = key;
        _entity = entity;
        Load();
    }

    /// <summary>Takes what has waited longest.</summary>
    public bool TryTake([MaybeNullWhen(false)] out object message) => _stash.TryDequeue(out message);

    /// <summary>Sends the entity what still waits.</summary>
    public void GiveBack()
    {
        while (_stash.TryDequeue(out var message))
        {
            _entity.Tell(message, ActorRefs.NoSender);
        }
    }

    /// <summary>
    /// Asks the slot for the snapshot, once the shard is open; the entity gets <see cref="Loaded"/> or <see cref="Failed"/>.
    /// </summary>
    public void Load() => LoadAsync().PipeTo(_entity, success: loaded => loaded, failure: cause => new Failed(cause));

    /// <summary>Keeps a message. Beyond the bound the oldest delivery is given up, and its source begins a new run.</summary>
    public void Stash(object message)
    {
        _stash.Enqueue(message);
        if (_stash.Count > StashMax && _stash.Dequeue() is Delivery given)
        {
            given.Run.Source.Tell(new DeliveryGap(given.Run.Id, "an entity that is being loaded", -1, given.PreviousOffset));
        }
    }

    /// <summary>Asks again after a while.</summary>
    public void RetryLater(Exception cause, IScheduler scheduler)
    {
        _shard.Opening?.Keeper.Tell(new ShardProtocol.LoadFailed(cause));
        scheduler.ScheduleTellOnce(s_retryAfter, _entity, Retry.Instance, ActorRefs.NoSender);
    }

    private async Task<Loaded> LoadAsync()
    {
        // Nothing to cancel: the store bounds its own wait, and an entity that has stopped ignores what comes of it.
        var opening = await _shard.OpenedAsync();
        return new Loaded(
            opening,
            _shard.TryFind(_key, out var snapshot)
                ? snapshot
                : await opening.Slot.LoadAsync(Encoding.UTF8.GetString(_key), CancellationToken.None));
    }

    /// <summary>The snapshot is there, or there is none.</summary>
    public sealed record Loaded(ShardOpening Opening, ReadOnlyMemory<byte>? Bytes) : INoSerializationVerificationNeeded;

    /// <summary>The slot could not be asked.</summary>
    public sealed record Failed(Exception Cause) : INoSerializationVerificationNeeded;

    /// <summary>The wait is over.</summary>
    public sealed record Retry : INoSerializationVerificationNeeded
    {
        /// <summary>The only one.</summary>
        public static readonly Retry Instance = new();
    }
}
