using System.Collections.Concurrent;
using Streaming.Engine.Checkpoints;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// The statuses of the sources in this process. Thread-safe; written once per read. Whether all are caught up, and the newest event
/// time, are computed on each write, so that scores only read a field. A partition that fed a lost entity does not count as caught
/// up, whatever its source posts, until a run that began after the loss has caught up.
/// </summary>
internal sealed class SourceBoard
{
    private readonly ConcurrentDictionary<TopicPartition, PartitionStatus> _sources = new();
    private readonly Dictionary<TopicPartition, long> _losses = [];
    private readonly HashSet<TopicPartition> _sound = [];
    private readonly Dictionary<TopicPartition, RunBasis> _bases = [];
    private readonly Lock _gate = new();
    private volatile bool _isCaughtUp;
    private volatile bool _isReady;
    private volatile string? _fault;
    private volatile string? _storeFault;
    private long _newest = long.MinValue;
    private int _expected = int.MaxValue;
    private int _live;
    private int _complete;
    private long _historyFrom = long.MinValue;

    /// <summary>All statuses, by topic and partition.</summary>
    public IReadOnlyList<PartitionStatus> All =>
    [
        .. _sources.Select(entry => entry.Value)
            .OrderBy(status => status.Partition.Topic, StringComparer.Ordinal)
            .ThenBy(status => status.Partition.Partition),
    ];

    /// <summary>The newest event time applied of those that were not ahead of this node's clock when they were read.</summary>
    public EventTime Newest => new(Volatile.Read(ref _newest));

    /// <summary>The latest <see cref="PartitionStatus.HistoryFrom"/>.</summary>
    public EventTime HistoryFrom => new(Volatile.Read(ref _historyFrom));

    /// <summary>Whether every expected source has posted, and none is catching up or paused.</summary>
    public bool IsCaughtUp => _isCaughtUp;

    /// <summary>Whether every expected source has posted, and its entities are complete.</summary>
    public bool IsReady => _isReady;

    /// <summary>Why the engine has ended; null while it runs.</summary>
    public string? Fault => _fault;

    /// <summary>Why the store of snapshots does not take what it is given; null while it does.</summary>
    public string? StoreFault => _storeFault;

    /// <summary>The store of snapshots does not work, or works again (null).</summary>
    public void ReportStore(string? fault) => _storeFault = fault;

    /// <summary>The engine has lost a part for good: from now on it is neither caught up nor ready, whatever the sources post.</summary>
    public void Fail(string fault)
    {
        lock (_gate)
        {
            _fault ??= fault;
            Update();
        }
    }

    /// <summary>Sets the number of sources.</summary>
    public void Expect(int sources)
    {
        lock (_gate)
        {
            _expected = sources;
            Update();
        }
    }

    /// <summary>The number of lost entities, of all partitions that had fed them.</summary>
    public long Losses
    {
        get
        {
            lock (_gate)
            {
                return _losses.Values.Sum();
            }
        }
    }

    /// <summary>The number of lost entities that a partition had fed.</summary>
    public long LossesOf(TopicPartition partition)
    {
        lock (_gate)
        {
            return _losses.GetValueOrDefault(partition);
        }
    }

    /// <summary>An entity that a partition fed is losing its state: the partition's events must be read again.</summary>
    public void Lose(TopicPartition partition)
    {
        lock (_gate)
        {
            _losses[partition] = _losses.GetValueOrDefault(partition) + 1;
            _sound.Remove(partition);
            if (_sources.TryGetValue(partition, out var status))
            {
                Set(Incomplete(status));
            }
        }
    }

    /// <summary>Posts a source's status.</summary>
    /// <param name="status">The status.</param>
    /// <param name="losses">The partition's <see cref="LossesOf"/> when its run began: the run repairs no later losses.</param>
    /// <param name="basis">The shards as they were then.</param>
    public void Post(PartitionStatus status, long losses, RunBasis basis)
    {
        lock (_gate)
        {
            _bases[status.Partition] = basis;
            var isSound = losses == _losses.GetValueOrDefault(status.Partition);
            _ = isSound ? _sound.Add(status.Partition) : _sound.Remove(status.Partition);
            Set(isSound ? status : Incomplete(status));
        }
    }

    /// <summary>
    /// What the sources have confirmed: all before these marks is in the entities of this process, or in their snapshots. Without the
    /// partitions of a lost entity, until a run that began after the loss confirms.
    /// </summary>
    public Marks Progress()
    {
        lock (_gate)
        {
            return Marks.Of(_sound.Select(partition => KeyValuePair.Create(partition, MarkOf(_sources[partition]))));
        }
    }

    /// <summary>
    /// The event time that entities are remembered since: so long before the newest, on the day. The smallest number while any source
    /// catches up, whose events may be older.
    /// </summary>
    public long RememberSince(TimeSpan forgetAfter)
    {
        const long Day = ViewPlan.ReadBackMillis;
        return _isCaughtUp && Newest is { } newest && newest != EventTime.None
            ? (long)Math.Floor((newest.Millis - forgetAfter.TotalMilliseconds) / Day) * Day
            : long.MinValue;
    }

    /// <summary>How far the newest runs have come, whatever was lost since: their shards can tell.</summary>
    public IReadOnlyList<RunProgress> Runs()
    {
        lock (_gate)
        {
            return [.. _bases.Select(run => new RunProgress(run.Key, MarkOf(_sources[run.Key]), run.Value))];
        }
    }

    private static PartitionMark MarkOf(PartitionStatus status) =>
        new(status.NextOffset, status.Watermark.Millis, status.NewestByClock.Millis);

    private static PartitionStatus Incomplete(PartitionStatus status) => status with
    {
        State = status.State == PartitionState.Live ? PartitionState.CatchingUp : status.State,
        IsComplete = false,
    };

    private void Set(PartitionStatus status)
    {
        _sources.TryGetValue(status.Partition, out var before);
        _sources[status.Partition] = status;
        _live += (status.State == PartitionState.Live ? 1 : 0) - (before?.State == PartitionState.Live ? 1 : 0);
        _complete += (status.IsComplete ? 1 : 0) - (before?.IsComplete == true ? 1 : 0);
        Update();
        if (status.HistoryFrom != (before?.HistoryFrom ?? EventTime.None))
        {
            Volatile.Write(ref _historyFrom, _sources.Values.Max(source => source.HistoryFrom.Millis));
        }

        if (status.NewestByClock.Millis > _newest)
        {
            Volatile.Write(ref _newest, status.NewestByClock.Millis);
        }
    }

    private void Update()
    {
        _isCaughtUp = _fault is null && _live >= _expected;
        _isReady = _fault is null && _complete >= _expected;
    }
}
