using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// Whether what a partition's entities know is as new as the log, within the bounds that <c>streaming.engine.stale-events</c> and
/// <c>stale-after</c> declare: never more events behind the end than the first, and never longer behind a high watermark that was
/// seen than the second, nor without a look at it beyond the time of two looks.
/// </summary>
internal sealed class Freshness(EngineSettings settings, TimeProvider time)
{
    private long _runEnd;
    private long _end;
    private (long Offset, long AtTicks)? _unreached;
    private long _lookedTicks;

    /// <summary>A run begins: fresh is only who has reached where the log ends now.</summary>
    public void BeginRun(long endOffset)
    {
        (_runEnd, _end) = (endOffset, endOffset);
        _unreached = null;
        _lookedTicks = time.GetTimestamp();
    }

    /// <summary>
    /// The log was seen. Events are counted up to what can be read; time goes by the high watermark, for behind an open transaction of
    /// anybody there may be events that others have committed.
    /// </summary>
    /// <param name="there">What was there.</param>
    /// <param name="nextOffset">Up to where all is applied now.</param>
    /// <param name="atTicks">When it was asked.</param>
    public void Looked(PartitionDescription there, long nextOffset, long atTicks)
    {
        (_end, _lookedTicks) = (there.End, atTicks);
        Applied(nextOffset);
        _unreached = nextOffset >= there.HighWatermark ? null : _unreached ?? (there.HighWatermark, atTicks);
    }

    /// <summary>All before an offset is applied.</summary>
    public void Applied(long nextOffset)
    {
        if (_unreached is { } look && nextOffset >= look.Offset)
        {
            _unreached = null;
        }
    }

    /// <summary>Whether who has applied all before an offset is fresh.</summary>
    public bool IsFresh(long nextOffset) =>
        nextOffset >= _runEnd
        && _end - nextOffset <= settings.StaleEvents
        && (_unreached is not { } look || time.GetElapsedTime(look.AtTicks) <= settings.StaleAfter)
        && time.GetElapsedTime(_lookedTicks) <= settings.StaleAfter + (2 * settings.CommitInterval);
}
