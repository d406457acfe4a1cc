using Akka.Actor;
using Akka.Event;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// Logs an outage of the event log once for all the partitions that it pauses, and once when all of them go on. Each partition meets it by
/// itself, within a tick of the others, so a line waits until they have; partitions that an outage reaches later are a line again.
/// Thread-safe.
/// </summary>
internal sealed class OutageNotes : IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<TopicPartition> _met = [];
    private readonly HashSet<TopicPartition> _paused = [];
    private readonly ILoggingAdapter _log;
    private readonly TimeSpan _settleTime;
    private readonly ITimer _settled;
    private string _reason = string.Empty;
    private int _noted;

    /// <param name="system">Where to: its log.</param>
    /// <param name="tick">How often each partition looks at the log.</param>
    /// <param name="time">The clock.</param>
    public OutageNotes(ActorSystem system, TimeSpan tick, TimeProvider time)
    {
        _log = Akka.Event.Logging.GetLogger(system, "event log");
        _settleTime = tick + tick;
        _settled = time.CreateTimer(_ => Note(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>A partition is paused, for the log is away; it may tell so again and again.</summary>
    public void Away(TopicPartition partition, string reason)
    {
        lock (_gate)
        {
            _paused.Add(partition);
            if (_met.Add(partition) && _met.Count == _noted + 1)
            {
                _reason = reason;
                _settled.Change(_settleTime, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>The log answers a partition again. What is away once more before a line says so was never back.</summary>
    public void Back(TopicPartition partition)
    {
        lock (_gate)
        {
            if (_paused.Remove(partition) && _paused.Count == 0)
            {
                _settled.Change(_settleTime, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>A partition is not read here any more. Whether the log is back is then for the others to say.</summary>
    public void Forget(TopicPartition partition)
    {
        lock (_gate)
        {
            if (_paused.Remove(partition) && _paused.Count == 0)
            {
                Close();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _settled.Dispose();

    private void Note()
    {
        lock (_gate)
        {
            if (_met.Count > _noted)
            {
                _noted = _met.Count;
                _log.Error("{0} paused, nothing is dropped: {1}", _noted == 1 ? $"{_met.First()} is" : $"{Partitions()} are", _reason);
            }

            if (_noted > 0 && _paused.Count == 0)
            {
                _log.Warning("{0}: the event log answers again", _noted == 1 ? $"{_met.First()} goes on" : $"{Partitions()} go on");
                Close();
            }
        }
    }

    private void Close()
    {
        _met.Clear();
        _noted = 0;
        _settled.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private string Partitions()
    {
        var topics = _met.GroupBy(partition => partition.Topic).OrderBy(topic => topic.Key, StringComparer.Ordinal);
        return $"{_met.Count} partitions ({string.Join(", ", topics.Select(topic => $"{topic.Key}: {topic.Count()}"))})";
    }
}
