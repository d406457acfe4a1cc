using Akka.Actor;
using Streaming.Engine.Checkpoints;
using Streaming.Engine.Deliveries;
using Streaming.Features.State;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Engine.Shards;

/// <summary>Messages between a shard's keeper, its entities and the sources that feed it.</summary>
internal static class ShardProtocol
{
    /// <summary>Starts the keeper of a shard, unless it runs; addressed to the region of the type.</summary>
    public sealed record Ensure(int Shard) : IWireMessage;

    /// <summary>To the nodes of sources: what a shard vouches for. Said again and again.</summary>
    /// <param name="Type">The entity type.</param>
    /// <param name="Shard">The shard's number.</param>
    /// <param name="Word">What it says.</param>
    public sealed record Vouched(string Type, int Shard, ShardVouch Word) : IWireMessage;

    /// <summary>To an entity: write a snapshot, and reply with <see cref="Snapshot"/>.</summary>
    public sealed record TakeSnapshot(IActorRef Keeper, int Flush) : IWireMessage;

    /// <summary>An entity's state, with all that it had applied. Keeper and entity are in one shard, and so on one node.</summary>
    public sealed record Snapshot(EntityHandle Entity, int Flush, ArraySegment<byte> Bytes) : INoSerializationVerificationNeeded;

    /// <summary>To the keeper: a snapshot cannot be read, so the slot vouches for what it does not hold.</summary>
    public sealed record SnapshotDamaged(ShardOpening Opening, string Entity, StateFault Fault) : INoSerializationVerificationNeeded;

    /// <summary>To the keeper: a snapshot could not be loaded; the entity tries again.</summary>
    public sealed record LoadFailed(Exception Cause) : INoSerializationVerificationNeeded;

    /// <summary>To an entity: leave memory, if your last state is in the slot.</summary>
    public sealed record Leave : IWireMessage
    {
        /// <summary>The only one.</summary>
        public static readonly Leave Instance = new();
    }

    /// <summary>To an entity: if you were not used since, and your last state is in the slot, rest.</summary>
    public sealed record Rest(int UpTo) : INoSerializationVerificationNeeded;

    /// <summary>To an entity, from its shard: nothing more comes; stop.</summary>
    public sealed record Left : INoSerializationVerificationNeeded
    {
        /// <summary>The only one.</summary>
        public static readonly Left Instance = new();
    }

    /// <summary>To an entity, through the region: it was read while it was not in memory, and comes back.</summary>
    public sealed record Recall(byte[] Key) : IEntityMessage, IWireMessage;

    /// <summary>To the keeper itself: the slot is taken. Where its manifest cannot be read, the damage says why.</summary>
    public sealed record Taken(IShardSlot Slot, ShardManifest? Manifest, string? Damage) : INoSerializationVerificationNeeded;

    /// <summary>To the keeper itself: some snapshots of the slot; null when there are no more.</summary>
    public sealed record Loaded(IReadOnlyList<SlotEntry>? Page) : INoSerializationVerificationNeeded;

    /// <summary>To the keeper itself: entities of the slot that can matter no more; whether all of it was looked at.</summary>
    public sealed record Swept(int Number, IReadOnlyList<string> Keys, bool IsAll) : INoSerializationVerificationNeeded;

    /// <summary>To the keeper itself: what could matter no more is deleted.</summary>
    public sealed record Forgotten(int Entities) : INoSerializationVerificationNeeded;

    /// <summary>To the keeper itself: the store could not be asked, or refused.</summary>
    public sealed record Failed(Exception Cause) : INoSerializationVerificationNeeded;

    /// <summary>To the keeper itself: a batch is written.</summary>
    public sealed record BatchWritten(int Flush, IReadOnlyList<Snapshot> Snapshots) : INoSerializationVerificationNeeded;

    /// <summary>To the keeper itself: the manifest is written, the flush has ended.</summary>
    public sealed record ManifestWritten(ShardManifest Manifest) : INoSerializationVerificationNeeded;

    /// <summary>To the keeper: it is its turn to flush.</summary>
    public sealed record Flush : INoSerializationVerificationNeeded
    {
        /// <summary>The only one.</summary>
        public static readonly Flush Instance = new();
    }

    /// <summary>To the keeper: ask the store whether it answers again.</summary>
    public sealed record Check : INoSerializationVerificationNeeded
    {
        /// <summary>The only one.</summary>
        public static readonly Check Instance = new();
    }

    /// <summary>To the keeper itself: look at what does not come.</summary>
    public sealed record Look : INoSerializationVerificationNeeded
    {
        /// <summary>The only one.</summary>
        public static readonly Look Instance = new();
    }
}
