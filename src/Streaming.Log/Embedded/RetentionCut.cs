namespace Streaming.Log.Embedded;

/// <summary>Decides how far a partition is cut. Pure.</summary>
/// <param name="Offset">Rows that lie wholly before it are deleted.</param>
/// <param name="IsHeld">Whether the limits ask for more than the floors allow.</param>
internal readonly record struct RetentionCut(long Offset, bool IsHeld)
{
    /// <summary>The cut of a partition.</summary>
    /// <param name="beginning">Its first retained offset.</param>
    /// <param name="byTime">The first offset that the limit of time keeps.</param>
    /// <param name="byBytes">The first offset that the limit of bytes keeps.</param>
    /// <param name="floors">Offsets from which on somebody needs the records.</param>
    public static RetentionCut Of(long beginning, long byTime, long byBytes, params ReadOnlySpan<long> floors)
    {
        var (wanted, floor) = (Math.Max(byTime, byBytes), long.MaxValue);
        foreach (var one in floors)
        {
            floor = Math.Min(floor, one);
        }

        return new RetentionCut(Math.Max(beginning, Math.Min(wanted, floor)), wanted > floor && wanted > beginning);
    }

    /// <summary>A partition's part of a topic's limit of bytes, by its part of the topic's bytes.</summary>
    public static long Share(long limit, long partitionBytes, long topicBytes) =>
        topicBytes <= limit ? long.MaxValue : (long)((Int128)limit * partitionBytes / topicBytes);
}
