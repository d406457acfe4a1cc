using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// Whether a partition's features are fresh: at most <c>streaming.engine.stale-events</c> behind the log's end, at most
/// <c>stale-after</c> behind a high watermark that was seen, and the log was described within <c>stale-after</c> and two ticks.
/// </summary>
internal sealed class Freshness(EngineSettings settings, TimeProvider time)
{
    private long _runEnd;
    private long _end;
    private (long HighWatermark, long AtTicks)? _unreached;
    private long _describedTicks;

    /// <summary>A run begins: it is fresh once it has reached the log's current end.</summary>
    public void BeginRun(long endOffset)
    {
        (_runEnd, _end) = (endOffset, endOffset);
        _unreached = null;
        _describedTicks = time.GetTimestamp();
    }

    /// <summary>
    /// The log described the partition. Events are counted up to the last stable offset; time goes by the high watermark, because behind
    /// an open transaction there may be events that other producers have committed.
    /// </summary>
    /// <param name="partition">The description.</param>
    /// <param name="nextOffset">The offset before which all is applied.</param>
    /// <param name="atTicks">When it was requested.</param>
    public void Described(PartitionDescription partition, long nextOffset, long atTicks)
    {
        (_end, _describedTicks) = (partition.End, atTicks);
        Applied(nextOffset);
        _unreached = nextOffset >= partition.HighWatermark ? null : _unreached ?? (partition.HighWatermark, atTicks);
    }

    /// <summary>All events before an offset are applied.</summary>
    public void Applied(long nextOffset)
    {
        if (_unreached is { } unreached && nextOffset >= unreached.HighWatermark)
        {
            _unreached = null;
        }
    }

    /// <summary>Whether the partition is fresh with all events before an offset applied.</summary>
    public bool IsFresh(long nextOffset) =>
        nextOffset >= _runEnd
        && _end - nextOffset <= settings.StaleEvents
        && (_unreached is not { } unreached || time.GetElapsedTime(unreached.AtTicks) <= settings.StaleAfter)
        && time.GetElapsedTime(_describedTicks) <= settings.StaleAfter + (2 * settings.CommitInterval);
}
