namespace Streaming.Engine.Tests.Checkpoints;

/// <summary>Two partitions of events, each of one entity; and what an entity must be: the fold.</summary>
internal sealed class ModelLog
{
    public const int Partitions = 2;
    public const int Shards = 2;
    public const int Entities = 4;
    public const int EventsMax = 60;

    private readonly List<int>[] _events = [[], []];
    private readonly ulong[,] _fold = new ulong[Partitions, Entities];

    public int End(int partition) => _events[partition].Count;

    public int EntityAt(int partition, int offset) => _events[partition][offset];

    public static int ShardOf(int entity) => entity % Shards;

    public void Append(int partition, int entity)
    {
        if (End(partition) < EventsMax)
        {
            _fold[partition, entity] |= 1UL << End(partition);
            _events[partition].Add(entity);
        }
    }

    /// <summary>The events of an entity before an offset.</summary>
    public ulong Fold(int partition, int entity, long end) => _fold[partition, entity] & ((1UL << (int)end) - 1);
}
