using Akka.Event;

namespace Streaming.Engine.Sources;

/// <content>What the world is told: outages, and from them and the run the state.</content>
internal sealed partial class PartitionSourceActor
{
    /// <summary>Something is away (a reason), or back (null). Logged when it begins and when nothing is away any more, however often it is told.</summary>
    private void OnOutage(string what, string? reason)
    {
        if (reason is null)
        {
            if (_outages.Remove(what) && _outages.Count == 0)
            {
                _log.Warning("{0} goes on: {1} answers again", _partition, what);
            }
        }
        else
        {
            if (!_outages.ContainsKey(what))
            {
                _log.Error("{0} is paused, nothing is dropped: {1}: {2}", _partition, what, reason);
            }

            _outages[what] = reason;
        }

        Post(_status);
    }

    private void Post(PartitionStatus status)
    {
        var state = StateAt(status.NextOffset);
        _status = status with
        {
            State = state,
            IsComplete = status.IsComplete || state == PartitionState.Live,
            Reason = Reasons(),
            PausedSince = _outages.Count == 0 ? null : status.PausedSince ?? _context.Time.GetUtcNow(),
        };
        _context.Board.Post(_status, _losses);
    }

    private PartitionState StateAt(long nextOffset) =>
        _outages.Count > 0 ? PartitionState.Paused
        : _stage == Stage.Running && nextOffset >= _ready!.EndOffset ? PartitionState.Live
        : PartitionState.CatchingUp;

    private string? Reasons() => _outages.Count == 0 ? null : string.Join("; ", _outages.Select(outage => $"{outage.Key}: {outage.Value}"));
}
