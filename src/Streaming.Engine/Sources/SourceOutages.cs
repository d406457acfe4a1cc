using Akka.Event;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// What a source's partition is paused for. However often an outage is reported, it is logged once when it begins and once when everything
/// is available again: here where the reason is the partition's own; by <see cref="OutageLog"/>, once for all sources, where the event log
/// is unavailable.
/// </summary>
internal sealed class SourceOutages(TopicPartition partition, OutageLog shared, ILoggingAdapter log)
{
    private readonly SortedDictionary<string, Outage> _outages = new(StringComparer.Ordinal);
    private bool _hasLogged;

    /// <summary>All reasons; null when nothing pauses the partition.</summary>
    public string? Reasons =>
        _outages.Count == 0 ? null : string.Join("; ", _outages.Select(outage => $"{outage.Key}: {outage.Value.Reason}"));

    /// <summary>A dependency is unavailable.</summary>
    /// <param name="dependency">Its name.</param>
    /// <param name="reason">The cause.</param>
    /// <param name="isLogOutage">Whether the whole event log is unavailable, for all its partitions.</param>
    public void Begin(string dependency, string reason, bool isLogOutage)
    {
        if (isLogOutage)
        {
            shared.Unavailable(partition, $"{dependency}: {reason}");
        }
        else if (!_outages.TryGetValue(dependency, out var known) || known.IsLogOutage)
        {
            log.Error("{0} is paused, nothing is dropped: {1}: {2}", partition, dependency, reason);
            _hasLogged = true;
        }

        _outages[dependency] = new Outage(reason, isLogOutage);
        ReportLogRecovery();
    }

    /// <summary>A dependency is available.</summary>
    public void End(string dependency)
    {
        if (_outages.Remove(dependency))
        {
            ReportLogRecovery();
            if (_hasLogged && _outages.Count == 0)
            {
                _hasLogged = false;
                log.Warning("{0} resumes: {1} available again", partition, dependency);
            }
        }
    }

    /// <summary>A new run meets the outages that are left by itself.</summary>
    public void Clear()
    {
        _outages.Clear();
        _hasLogged = false;
        ReportLogRecovery();
    }

    /// <summary>The source has ended: the partition is no longer read here.</summary>
    public void Forget() => shared.Forget(partition);

    private void ReportLogRecovery()
    {
        if (!_outages.Values.Any(outage => outage.IsLogOutage))
        {
            shared.Recovered(partition);
        }
    }

    private readonly record struct Outage(string Reason, bool IsLogOutage);
}
