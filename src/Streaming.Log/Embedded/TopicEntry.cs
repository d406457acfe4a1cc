namespace Streaming.Log.Embedded;

/// <summary>
/// A topic as the file has it. Ids are never used again, so an entry of a deleted topic finds nothing, not another topic.
/// </summary>
internal sealed record TopicEntry(long Id, TopicDescription Description, long FirstPartitionId)
{
    public long PartitionId(int partition) => FirstPartitionId + partition;

    public static TopicEntry? Find(Statement byName, string name)
    {
        try
        {
            return byName.Bind(1, name).Step()
                ? new TopicEntry(byName.Long(0), new TopicDescription(name, (int)byName.Long(1), byName.Text(2)), byName.Long(3))
                : null;
        }
        finally
        {
            byName.Reset();
        }
    }

    public static Statement ByName(Database database) => database.Statement(
        "looking up a topic",
        "SELECT id, partitions, identity, (SELECT min(p.id) FROM partition p WHERE p.topic = topic.id) FROM topic WHERE name = ?1");
}
