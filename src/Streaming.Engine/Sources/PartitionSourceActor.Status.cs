using Akka.Event;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <content>What the world is told: outages, and from them and the run the state.</content>
internal sealed partial class PartitionSourceActor
{
    /// <summary>
    /// Something is away. However often it is told, it is logged when it begins and when nothing is away any more: by this source where
    /// the reason is its own, and where the log is away, which all sources meet, once for all (<see cref="OutageNotes"/>).
    /// </summary>
    private void OnAway(string what, string reason, bool isLogAway)
    {
        if (isLogAway)
        {
            _context.Outages.Away(_partition, $"{what}: {reason}");
        }
        else if (!_outages.TryGetValue(what, out var known) || known.IsLogAway)
        {
            _log.Error("{0} is paused, nothing is dropped: {1}: {2}", _partition, what, reason);
            _hasOwnLine = true;
        }

        _outages[what] = new Outage(reason, isLogAway);
        NoteLogIsBack();
        Post(_status);
    }

    private void OnAway(string what, Exception cause) => OnAway(what, cause.Message, cause is EventLogException { Retriable: true });

    private void OnBack(string what)
    {
        if (_outages.Remove(what))
        {
            NoteLogIsBack();
            NoteGoesOn(what);
        }

        Post(_status);
    }

    // A new run finds out anew what is away.
    private void ForgetOutages()
    {
        _outages.Clear();
        _hasOwnLine = false;
        NoteLogIsBack();
    }

    private void NoteLogIsBack()
    {
        if (!_outages.Values.Any(outage => outage.IsLogAway))
        {
            _context.Outages.Back(_partition);
        }
    }

    private void NoteGoesOn(string what)
    {
        if (_hasOwnLine && _outages.Count == 0)
        {
            _hasOwnLine = false;
            _log.Warning("{0} goes on: {1} answers again", _partition, what);
        }
    }

    private void Post(PartitionStatus status)
    {
        var state = StateAt(status);
        _status = status with
        {
            State = state,
            IsComplete = status.IsComplete || (_stage == Stage.Running && status.NextOffset >= _ready!.EndOffset),
            Notice = _notices.Text,
            NoticedAt = _notices.At,
            Reason = Reasons(),
            PausedSince = _outages.Count == 0 ? null : status.PausedSince ?? _context.Time.GetUtcNow(),
        };
        _context.Board.Post(_status, _losses);
    }

    private PartitionState StateAt(PartitionStatus status) =>
        _outages.Count > 0 ? PartitionState.Paused
        : _stage == Stage.Running && _freshness.IsFresh(status.NextOffset) ? PartitionState.Live
        : PartitionState.CatchingUp;

    private string? Reasons() => _outages.Count == 0 ? null : string.Join("; ", _outages.Select(outage => $"{outage.Key}: {outage.Value.Reason}"));

    /// <param name="Reason">What is away, and how.</param>
    /// <param name="IsLogAway">Whether it is the log, for all its partitions, and no matter of this one.</param>
    private readonly record struct Outage(string Reason, bool IsLogAway);
}
