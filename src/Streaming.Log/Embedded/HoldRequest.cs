namespace Streaming.Log.Embedded;

/// <summary>
/// Notes what a process still needs of the log: retention, whichever process runs it, deletes nothing from these offsets on until the
/// hold ends. Forgets holds that have ended.
/// </summary>
internal sealed class HoldRequest(
    string holder, IReadOnlyCollection<KeyValuePair<TopicPartition, long>> offsets, long nowMillis, long untilMillis) : WriteRequest<bool>
{
    protected override Exception? Apply(LogTransaction transaction)
    {
        var database = transaction.Database;
        database.Execute("forgetting holds", FormattableString.Invariant($"DELETE FROM hold WHERE until_ms < {nowMillis}"));
        using var note = database.Statement("holding records", """
            INSERT INTO hold (holder, partition, next_offset, until_ms) VALUES (?1, ?2, ?3, ?4)
            ON CONFLICT (holder, partition) DO UPDATE SET next_offset = excluded.next_offset, until_ms = excluded.until_ms
            """);
        foreach (var (partition, offset) in offsets)
        {
            if (transaction.FindTopic(partition.Topic) is { } topic && partition.Partition < topic.Description.Partitions)
            {
                note.Bind(1, holder).Bind(2, topic.PartitionId(partition.Partition)).Bind(3, offset).Bind(4, untilMillis).Execute();
            }
        }

        return null;
    }
}
