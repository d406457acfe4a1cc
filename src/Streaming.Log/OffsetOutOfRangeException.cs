namespace Streaming.Log;

/// <summary>
/// Records that are to be read were deleted by the log's retention: the offset is before the first retained one (Kafka's
/// OFFSET_OUT_OF_RANGE). Nothing is skipped: whoever reads decides whether to go on at <see cref="FirstOffset"/>, with a new reader.
/// </summary>
public sealed class OffsetOutOfRangeException : EventLogException
{
    /// <summary>Names what was asked for, and what is there.</summary>
    public OffsetOutOfRangeException(TopicPartition partition, long offset, long firstOffset, string where)
        : base(
            $"Offset {offset} of {partition} in {where} was deleted by retention: the first that is left is {firstOffset}. Read from " +
            "there, and treat what is between as lost; or keep records longer.",
            retriable: false) => (Partition, Offset, FirstOffset) = (partition, offset, firstOffset);

    /// <summary>The partition.</summary>
    public TopicPartition Partition { get; }

    /// <summary>The offset that was to be read.</summary>
    public long Offset { get; }

    /// <summary>The first retained offset.</summary>
    public long FirstOffset { get; }
}
