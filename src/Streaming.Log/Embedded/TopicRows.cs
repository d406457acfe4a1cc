namespace Streaming.Log.Embedded;

/// <summary>The rows of a topic in the tables, within the writer's transaction.</summary>
internal static class TopicRows
{
    public static void Add(Database database, string topic, int partitions)
    {
        using var addTopic = database.Statement(
            "creating a topic", "INSERT INTO topic (name, partitions, identity) VALUES (?1, ?2, ?3) RETURNING id");
        var id = addTopic.Bind(1, topic).Bind(2, partitions).Bind(3, Guid.NewGuid().ToString()).Scalar();
        using var addPartition = database.Statement("creating a partition", "INSERT INTO partition (topic, number) VALUES (?1, ?2)");
        for (var number = 0; number < partitions; number++)
        {
            addPartition.Bind(1, id!.Value).Bind(2, number).Execute();
        }
    }

    public static void Delete(Database database, TopicEntry topic)
    {
        var (first, last) = (topic.FirstPartitionId, topic.PartitionId(topic.Description.Partitions - 1));
        database.Execute("deleting a topic", $"""
            DELETE FROM batch WHERE id BETWEEN {RowId.First(first)} AND {RowId.Last(last)};
            DELETE FROM committed WHERE partition BETWEEN {first} AND {last};
            DELETE FROM retained WHERE partition BETWEEN {first} AND {last};
            DELETE FROM hold WHERE partition BETWEEN {first} AND {last};
            DELETE FROM partition WHERE topic = {topic.Id};
            DELETE FROM topic WHERE id = {topic.Id};
            """);
    }
}
