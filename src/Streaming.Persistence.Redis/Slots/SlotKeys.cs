using System.Globalization;
using StackExchange.Redis;

namespace Streaming.Persistence.Redis.Slots;

/// <summary>
/// The keys; docs/persistence.md draws them. What stands in braces is the hash tag: such keys lie on one node of a Cluster.
/// </summary>
internal sealed class SlotKeys(string prefix)
{
    /// <summary>
    /// Hashes that the snapshots of a slot are spread over (docs/adr/0009-slots-on-redis.md): Garnet moves a hash between memory and disk
    /// as a whole. Part of the layout.
    /// </summary>
    public const int Buckets = 64;

    public RedisKey Live { get; } = $"{prefix}:{{generations}}:live";

    public RedisKey Records { get; } = $"{prefix}:{{generations}}:records";

    public RedisKey Deleting { get; } = $"{prefix}:{{generations}}:deleting";

    public RedisKey SlotsOf(long generation) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}:{{generations}}:slots:{generation}");

    public RedisKey Fence(SlotAddress slot) => $"{prefix}:{{{slot}}}:fence";

    public RedisKey Manifest(SlotAddress slot) => $"{prefix}:{{{slot}}}:manifest";

    public RedisKey Entities(SlotAddress slot, int bucket) =>
        string.Create(CultureInfo.InvariantCulture, $"{prefix}:{{{slot}}}:e:{bucket}");

    public RedisKey[] Entities(SlotAddress slot) => [.. Enumerable.Range(0, Buckets).Select(bucket => Entities(slot, bucket))];
}
