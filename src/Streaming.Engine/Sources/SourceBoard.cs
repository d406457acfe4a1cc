using System.Collections.Concurrent;
using Streaming.Features.Events;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// Where the sources of this process post how they are. Thread-safe; written once per read. What every score asks, whether all
/// are caught up and how new the newest event is, is worked out when it is written and costs a plain read. A partition that fed an
/// entity which is gone is not caught up, whatever its source says, until a run of it that began afterwards is.
/// </summary>
internal sealed class SourceBoard
{
    private readonly ConcurrentDictionary<TopicPartition, PartitionStatus> _sources = new();
    private readonly Dictionary<TopicPartition, long> _losses = [];
    private readonly Lock _gate = new();
    private volatile bool _isCaughtUp;
    private volatile bool _isReady;
    private volatile string? _fault;
    private long _newest = long.MinValue;
    private int _expected = int.MaxValue;
    private int _live;
    private int _complete;

    /// <summary>All sources.</summary>
    public IReadOnlyList<PartitionStatus> All =>
        [.. _sources.Select(entry => entry.Value).OrderBy(s => s.Partition.Topic, StringComparer.Ordinal).ThenBy(s => s.Partition.Partition)];

    /// <summary>The newest event time applied of those that were not ahead of this node's clock when they were read.</summary>
    public EventTime Newest => new(Volatile.Read(ref _newest));

    /// <summary>Whether every source is there and none is catching up or paused.</summary>
    public bool IsCaughtUp => _isCaughtUp;

    /// <summary>Whether every source is there and its entities are complete.</summary>
    public bool IsReady => _isReady;

    /// <summary>What ended the engine; null while it runs.</summary>
    public string? Fault => _fault;

    /// <summary>The engine has lost a part for good: nothing is caught up or ready any more, whatever the sources say.</summary>
    public void Fail(string fault)
    {
        lock (_gate)
        {
            _fault ??= fault;
            Judge();
        }
    }

    /// <summary>How many sources there will be.</summary>
    public void Expect(int sources)
    {
        lock (_gate)
        {
            _expected = sources;
            Judge();
        }
    }

    /// <summary>How many entities that a partition fed were lost.</summary>
    public long LossesOf(TopicPartition partition)
    {
        lock (_gate)
        {
            return _losses.GetValueOrDefault(partition);
        }
    }

    /// <summary>An entity that a partition fed is about to go with its state: what the partition has applied is no longer all there.</summary>
    public void Lose(TopicPartition partition)
    {
        lock (_gate)
        {
            _losses[partition] = _losses.GetValueOrDefault(partition) + 1;
            if (_sources.TryGetValue(partition, out var status))
            {
                Set(Doubted(status));
            }
        }
    }

    /// <summary>Posts a source's status.</summary>
    /// <param name="status">How it is.</param>
    /// <param name="losses">The partition's <see cref="LossesOf"/> when its run began: the run makes up for these and for no others.</param>
    public void Post(PartitionStatus status, long losses)
    {
        lock (_gate)
        {
            Set(losses < _losses.GetValueOrDefault(status.Partition) ? Doubted(status) : status);
        }
    }

    private static PartitionStatus Doubted(PartitionStatus status) => status with
    {
        State = status.State == PartitionState.Live ? PartitionState.CatchingUp : status.State,
        IsComplete = false,
    };

    private static int One(bool holds) => holds ? 1 : 0;

    private void Set(PartitionStatus status)
    {
        _sources.TryGetValue(status.Partition, out var before);
        _sources[status.Partition] = status;
        _live += One(status.State == PartitionState.Live) - One(before?.State == PartitionState.Live);
        _complete += One(status.IsComplete) - One(before?.IsComplete == true);
        Judge();
        if (status.NewestByClock.Millis > _newest)
        {
            Volatile.Write(ref _newest, status.NewestByClock.Millis);
        }
    }

    private void Judge()
    {
        _isCaughtUp = _fault is null && _live >= _expected;
        _isReady = _fault is null && _complete >= _expected;
    }
}
