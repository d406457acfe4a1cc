using Akka.Actor;
using Streaming.Engine.Checkpoints;
using Streaming.Engine.Deliveries;
using Streaming.Features.Plans;
using Streaming.Persistence.Redis;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Engine.Shards;

/// <summary>What the keepers of one engine use.</summary>
/// <param name="Slots">The store of snapshots.</param>
/// <param name="Generation">The generation that they write.</param>
/// <param name="RetryAfter">The wait before a slot is tried again that could not be taken.</param>
/// <param name="Turns">Gives them their turns (<see cref="FlushTurns"/>).</param>
/// <param name="Progress">What the sources have confirmed, as far as this node knows.</param>
/// <param name="SinceMillis">
/// The event time that entities are remembered since; the smallest number while that is not known, because the sources catch up.
/// </param>
/// <param name="Announce">Has the sources told what shards vouch for, where they do not look.</param>
/// <param name="Losses">Learns of entities whose state is lost.</param>
/// <param name="Watch">Watches a keeper, by its name: the engine cannot do without it.</param>
internal sealed record KeeperParts(
    IShardSlots Slots,
    long Generation,
    TimeSpan RetryAfter,
    IActorRef Turns,
    Func<IReadOnlyList<RunProgress>> Progress,
    Func<long> SinceMillis,
    Action Announce,
    IEntityLossListener Losses,
    Action<IActorRef, string> Watch)
{
    /// <summary>
    /// The slot of a shard. The definitions are part of it: a type that is defined otherwise begins with empty slots, and the others keep
    /// theirs.
    /// </summary>
    public SlotAddress AddressOf(Shard shard) => AddressOf(Generation, shard.Plan, shard.Number);

    /// <summary>The event time that a shard's entities are remembered since; the smallest number where all are for ever.</summary>
    public long RememberSince(Shard shard) => shard.Plan.UsefulMillis is null ? long.MinValue : SinceMillis();

    /// <summary>Takes the slot of a shard for a new keeper.</summary>
    public async Task<ShardProtocol.Taken> TakeAsync(Shard shard, CancellationToken cancellation)
    {
        var slot = await Slots.TakeAsync(AddressOf(shard), Guid.NewGuid(), cancellation);
        return new ShardProtocol.Taken(slot, ManifestBytes.TryRead(slot.Manifest, out var damage), damage);
    }

    /// <summary>The slot of a shard in a generation.</summary>
    public static SlotAddress AddressOf(long generation, EntityPlan plan, int shard) =>
        new(generation, FormattableString.Invariant($"{plan.Name}-{plan.Fingerprint:x16}"), shard);
}
