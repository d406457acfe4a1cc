using Akka.Event;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <content>The status that is posted: outages, and the state that follows from them and from the run.</content>
internal sealed partial class PartitionSourceActor
{
    private readonly SortedDictionary<string, Outage> _outages = new(StringComparer.Ordinal);
    private bool _hasLoggedOutage;

    /// <summary>
    /// A dependency is unavailable. However often it is reported, it is logged once when it begins and once when everything is
    /// available again: by this source where the reason is its own; by <see cref="OutageLog"/>, once for all sources, where the event
    /// log is unavailable.
    /// </summary>
    private void OnUnavailable(string dependency, string reason, bool isLogOutage)
    {
        if (isLogOutage)
        {
            _services.Outages.Unavailable(_partition, $"{dependency}: {reason}");
        }
        else if (!_outages.TryGetValue(dependency, out var known) || known.IsLogOutage)
        {
            _log.Error("{0} is paused, nothing is dropped: {1}: {2}", _partition, dependency, reason);
            _hasLoggedOutage = true;
        }

        _outages[dependency] = new Outage(reason, isLogOutage);
        ReportLogRecovery();
        Post(_status);
    }

    private void OnUnavailable(string dependency, Exception cause) =>
        OnUnavailable(dependency, cause.Message, cause is EventLogException { Retriable: true });

    private void OnRecovered(string dependency)
    {
        if (_outages.Remove(dependency))
        {
            ReportLogRecovery();
            LogResumed(dependency);
        }

        Post(_status);
    }

    // The new run meets the outages that are left by itself.
    private void ClearOutages()
    {
        _outages.Clear();
        _hasLoggedOutage = false;
        ReportLogRecovery();
    }

    private void ReportLogRecovery()
    {
        if (!_outages.Values.Any(outage => outage.IsLogOutage))
        {
            _services.Outages.Recovered(_partition);
        }
    }

    private void LogResumed(string dependency)
    {
        if (_hasLoggedOutage && _outages.Count == 0)
        {
            _hasLoggedOutage = false;
            _log.Warning("{0} resumes: {1} available again", _partition, dependency);
        }
    }

    private void Post(PartitionStatus status)
    {
        _status = status with
        {
            State = StateAt(status),
            IsComplete = status.IsComplete || (_stage == Stage.Running && status.NextOffset >= _ready!.EndOffset),
            Notice = _notices.Text,
            NoticedAt = _notices.At,
            Reason = Reasons(),
            PausedSince = _outages.Count == 0 ? null : status.PausedSince ?? _time.GetUtcNow(),
        };
        _services.Board.Post(_status, _losses);
    }

    private PartitionState StateAt(PartitionStatus status) =>
        _outages.Count > 0 ? PartitionState.Paused
        : _stage == Stage.Running && _freshness.IsFresh(status.NextOffset) ? PartitionState.Live
        : PartitionState.CatchingUp;

    private string? Reasons() =>
        _outages.Count == 0 ? null : string.Join("; ", _outages.Select(outage => $"{outage.Key}: {outage.Value.Reason}"));

    /// <param name="Reason">Why it is unavailable.</param>
    /// <param name="IsLogOutage">Whether the whole event log is unavailable, for all its partitions.</param>
    private readonly record struct Outage(string Reason, bool IsLogOutage);
}
