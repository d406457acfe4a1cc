namespace Streaming.Log.Streams;

/// <summary>Something whose processing can be noted in the log.</summary>
public interface ICommittable
{
    /// <summary>Commits it.</summary>
    Task Commit();
}

/// <summary>A record's offset, to be committed once the record is processed.</summary>
public interface ICommittableOffset : ICommittable
{
    /// <summary>Group, partition and the record's own offset; what is committed is one more.</summary>
    PartitionOffset Offset { get; }
}

/// <summary>An offset of a group in a partition.</summary>
public sealed record PartitionOffset(string GroupId, string Topic, int Partition, long Offset);
