using Streaming.Log;

namespace Streaming.Engine.Checkpoints;

/// <summary>Where a source begins its next run (exactly-once.md, 3 and 4).</summary>
internal static class RestartPoint
{
    /// <summary>
    /// The least mark of a partition over the shards that it feeds: what is before it is in every slot. Null when a slot vouches for
    /// nothing, or no shard is known: the log's beginning.
    /// </summary>
    public static PartitionMark? Of(TopicPartition partition, IEnumerable<Marks> durable)
    {
        PartitionMark? least = null;
        foreach (var marks in durable)
        {
            if (marks[partition] is not { } mark)
            {
                return null;
            }

            least = least is { } known && known.Offset <= mark.Offset ? known : mark;
        }

        return least;
    }

    /// <summary>The start of a run in a log that begins at an offset: retention may have taken what is behind the restart point.</summary>
    public static RunStart Start(PartitionMark? restart, long logsBeginning) =>
        restart is { } mark && mark.Offset > logsBeginning
            ? new RunStart(mark.Offset, IsLogsBeginning: false)
            : new RunStart(logsBeginning, IsLogsBeginning: true);
}
