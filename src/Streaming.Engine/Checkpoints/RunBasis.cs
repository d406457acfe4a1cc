using System.Collections.Immutable;
using Streaming.Log;

namespace Streaming.Engine.Checkpoints;

/// <summary>
/// The shards that a run feeds, as they were when it began, noted together with the durable marks that it began at: so it skipped only
/// what these very shards vouched for, and delivered the rest after they had become what they are.
/// </summary>
/// <param name="types">By entity type the stamps of consecutive shards, and the number of the first.</param>
internal sealed class RunBasis(ImmutableArray<(string Type, int First, ImmutableArray<ShardStamp> Shards)> types)
{
    /// <summary>Of no shards.</summary>
    public static readonly RunBasis None = new([]);

    /// <summary>The stamps.</summary>
    public ImmutableArray<(string Type, int First, ImmutableArray<ShardStamp> Shards)> Types { get; } = types;

    /// <summary>Of one shard.</summary>
    public static RunBasis Of(string type, int shard, ShardStamp stamp) => new([(type, shard, [stamp])]);

    /// <summary>The shard of a key, and its stamp: of a type of which the run knows all shards, or this one alone.</summary>
    public (int Shard, ShardStamp Stamp) Of(string type, ReadOnlySpan<byte> key)
    {
        foreach (var (name, first, shards) in Types)
        {
            if (name == type)
            {
                var index = Murmur2.Partition(key, shards.Length);
                return (first + index, shards[index]);
            }
        }

        throw new ArgumentException($"the run feeds no shard of {type}", nameof(type));
    }

    /// <summary>The stamp of a shard; null where the run does not know it.</summary>
    public ShardStamp? this[string type, int shard]
    {
        get
        {
            foreach (var (name, first, shards) in Types)
            {
                if (name == type && shard >= first && shard < first + shards.Length)
                {
                    return shards[shard - first];
                }
            }

            return null;
        }
    }
}
