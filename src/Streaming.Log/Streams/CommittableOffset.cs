namespace Streaming.Log.Streams;

/// <summary>A record's offset and the log that it is committed to.</summary>
internal sealed record CommittableOffset(IEventLog Log, PartitionOffset Offset) : ICommittableOffset
{
    public Task Commit() => Log.CommitAsync(Offset.GroupId, new TopicPartition(Offset.Topic, Offset.Partition), Offset.Offset + 1, CancellationToken.None);
}
