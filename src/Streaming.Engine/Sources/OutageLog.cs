using Akka.Actor;
using Akka.Event;
using Streaming.Hocon;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// Logs an outage of the event log once for all the partitions that it pauses, and once when all of them resume. Each partition notices
/// it by itself, within a tick of the others, so the line is delayed until they have; partitions that notice it later get another line.
/// Thread-safe.
/// </summary>
internal sealed class OutageLog : IDisposable
{
    private readonly Lock _gate = new();
    private readonly HashSet<TopicPartition> _affected = [];
    private readonly HashSet<TopicPartition> _paused = [];
    private readonly ILoggingAdapter _log;
    private readonly TimeSpan _delay;
    private readonly ITimer _timer;
    private string _reason = string.Empty;
    private int _logged;

    /// <param name="system">The actor system, to whose log the lines go.</param>
    /// <param name="tick">How often each partition is described.</param>
    /// <param name="time">The clock.</param>
    public OutageLog(ActorSystem system, TimeSpan tick, TimeProvider time)
    {
        _log = Akka.Event.Logging.GetLogger(system, "event log");
        _delay = tick + tick;
        _timer = time.CreateTimer(_ => Write(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>The log is unavailable to a partition. May be reported repeatedly.</summary>
    public void Unavailable(TopicPartition partition, string reason)
    {
        lock (_gate)
        {
            _paused.Add(partition);
            if (_affected.Add(partition) && _affected.Count == _logged + 1)
            {
                _reason = reason;
                _timer.Change(_delay, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>The log is available to a partition again. An outage that returns before the line is written is the same one.</summary>
    public void Recovered(TopicPartition partition)
    {
        lock (_gate)
        {
            if (_paused.Remove(partition) && _paused.Count == 0)
            {
                _timer.Change(_delay, Timeout.InfiniteTimeSpan);
            }
        }
    }

    /// <summary>A partition is no longer read here; the other partitions report whether the log is available.</summary>
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
    public void Dispose() => _timer.Dispose();

    private void Write()
    {
        lock (_gate)
        {
            if (_affected.Count > _logged)
            {
                _logged = _affected.Count;
                var paused = _logged == 1 ? $"{_affected.First()} is" : $"{Partitions()} are";
                _log.Error("{0} paused, nothing is dropped: {1}", paused, _reason);
            }

            if (_logged > 0 && _paused.Count == 0)
            {
                var resumed = _logged == 1 ? $"{_affected.First()} resumes" : $"{Partitions()} resume";
                _log.Warning("{0}: the event log is available again", resumed);
                Close();
            }
        }
    }

    private void Close()
    {
        _affected.Clear();
        _logged = 0;
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    private string Partitions()
    {
        var topics = _affected.GroupBy(partition => partition.Topic).OrderBy(topic => topic.Key, StringComparer.Ordinal);
        return $"{Counted.Of(_affected.Count, "partition")} ({string.Join(", ", topics.Select(topic => $"{topic.Key}: {topic.Count()}"))})";
    }
}
