namespace Streaming.Offline.Histories;

/// <summary>
/// Counts the rows that come long after newer events. A node sets aside what is older than its longest window against the newest event
/// of the
/// partition; which window that is only the node's definitions say, so that a row counts here from a day on.
/// </summary>
/// <param name="newestMillis">The newest event in the topic before the first row; null where there is none.</param>
public sealed class LateRows(long? newestMillis)
{
    private const long LateMillis = 86_400_000;
    private long _newest = newestMillis ?? long.MinValue;

    /// <summary>Rows so far that are older by more than a day than an event before them.</summary>
    public long Count { get; private set; }

    /// <summary>Takes in the event times of rows, in their order.</summary>
    public void Add(ReadOnlySpan<long> times)
    {
        foreach (var time in times)
        {
            _newest = Math.Max(_newest, time);
            Count += _newest - LateMillis > time ? 1 : 0;
        }
    }
}
