namespace Streaming.Log.Embedded;

/// <summary>
/// Deletes the oldest rows of a partition that lie before an offset, as many as one transaction may take; appends go on between. The
/// newest row stays whatever the offset is: it says where the partition ends.
/// </summary>
internal sealed class TrimRequest(TopicPartition partition, long beforeOffset) : WriteRequest<TrimRequest.Step>
{
    /// <summary>What one transaction deletes at most: appends that share it wait some milliseconds longer.</summary>
    private const int RowsMax = 256;
    private const int BytesMax = 8 << 20;

    protected override Exception? Apply(LogTransaction transaction)
    {
        if (transaction.FindTopic(partition.Topic) is not { } topic)
        {
            return LogArgument.NoTopic(partition.Topic, transaction.Where);
        }

        if ((uint)partition.Partition >= (uint)topic.Description.Partitions)
        {
            return LogArgument.NoPartition(partition, topic.Description.Partitions, transaction.Where);
        }

        Result = Trim(transaction.Database, topic.PartitionId(partition.Partition));
        return null;
    }

    private Step Trim(Database database, long id)
    {
        var (until, beginning, isLast) = Find(database, id);
        if (until is { } last)
        {
            using var delete = database.Statement("deleting what retention does not keep", "DELETE FROM batch WHERE id BETWEEN ?1 AND ?2");
            delete.Bind(1, RowId.First(id)).Bind(2, last).Execute();
            using var note = database.Statement("noting the first offset", """
                INSERT INTO retained (partition, first_offset) VALUES (?1, ?2)
                ON CONFLICT (partition) DO UPDATE SET first_offset = excluded.first_offset
                """);
            note.Bind(1, id).Bind(2, beginning).Execute();
        }

        return new Step(beginning, isLast);
    }

    /// <summary>The last row to delete, the offset that the partition begins at then, and whether nothing more is to be deleted.</summary>
    private (long? Until, long Beginning, bool IsLast) Find(Database database, long id)
    {
        using var newest = database.Statement(
            "reading the newest row", "SELECT id FROM batch WHERE id BETWEEN ?1 AND ?2 ORDER BY id DESC LIMIT 1");
        var stays = newest.Bind(1, RowId.First(id)).Bind(2, RowId.Last(id)).Scalar() ?? RowId.First(id);
        using var rows = database.Statement(
            "looking for what retention does not keep",
            "SELECT id, count, length(records) FROM batch WHERE id BETWEEN ?1 AND ?2 ORDER BY id");
        rows.Bind(1, RowId.First(id)).Bind(2, stays);
        var (until, beginning, count, bytes) = ((long?)null, RowId.Offset(stays), 0, 0L);
        while (rows.Step())
        {
            var (row, next) = (rows.Long(0), RowId.Offset(rows.Long(0)) + rows.Long(1));
            var isKept = row == stays || next > beforeOffset;
            if (isKept || count == RowsMax || bytes >= BytesMax)
            {
                rows.Reset();
                return (until, RowId.Offset(row), isKept);
            }

            (until, beginning, count, bytes) = (row, next, count + 1, bytes + rows.Long(2));
        }

        rows.Reset();
        return (until, beginning, true);
    }

    /// <summary>What a transaction did.</summary>
    /// <param name="FirstOffset">Where the partition begins now.</param>
    /// <param name="IsLast">Whether nothing more is to be deleted.</param>
    internal readonly record struct Step(long FirstOffset, bool IsLast);
}
