// Hot: filled once per read; its arrays are used again by a later read.
using System.Collections.Immutable;
using Streaming.Contracts.Events;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Log;

namespace Streaming.Engine.Sources;

/// <summary>
/// One read of a partition after decoding: events as columns, the rows that each feed takes, and the dead letters. It is reused once
/// every entity has applied it, so that reading at full speed allocates no arrays.
/// </summary>
internal sealed class DecodedRead
{
    private const int SmallRecords = 256;
    private const int WasteMax = 4;
    private readonly ImmutableArray<EntityFeed> _feeds;
    private readonly int[][] _rows;
    private readonly int[][] _sorted;
    private readonly int[] _counts;
    private long _latestMillis;
    private long _newestEvent;
    private long _newestByClock;
    private long _newestTimestamp;
    private int _events;
    private int _ahead;

    public DecodedRead(SourcePlan plan, int partition)
    {
        _feeds = plan.Feeds;
        _rows = [.. _feeds.Select(_ => Array.Empty<int>())];
        _sorted = [.. _rows];
        _counts = new int[_feeds.Length];
        Batch = new EventBatch(plan.Source, plan.Wanted.AsSpan(), 0) { Partition = partition };
    }

    /// <summary>The events.</summary>
    public EventBatch Batch { get; }

    /// <summary>The decoded records; the events' texts point into their buffer.</summary>
    public RecordBatch? Records { get; private set; }

    /// <summary>The offset behind the last record.</summary>
    public long NextOffset { get; private set; }

    /// <summary>Its summary, for the source.</summary>
    public ReadFacts Facts => new(_newestEvent, _newestByClock, _newestTimestamp, _events, _ahead);

    /// <summary>The records that cannot be processed, with reason and origin.</summary>
    public List<DeadLetter> DeadLetters { get; } = [];

    /// <summary>Clears it for a read.</summary>
    /// <param name="read">The records.</param>
    /// <param name="nextOffset">The offset behind the last one.</param>
    /// <param name="latestMillis">The latest event time that is not ahead of this node's clock.</param>
    public void Begin(RecordBatch read, long nextOffset, long latestMillis)
    {
        var records = read.Count;
        Records = read;
        (_events, _ahead, _latestMillis) = (0, 0, latestMillis);
        (_newestEvent, _newestByClock) = (long.MinValue, long.MinValue);
        _newestTimestamp = Newest(read.Timestamps.AsSpan(0, records));
        NextOffset = nextOffset;
        DeadLetters.Clear();
        Batch.Count = 0;
        Batch.EnsureCapacity(records);
        Array.Clear(_counts);
        for (var feed = 0; feed < _feeds.Length; feed++)
        {
            if (_rows[feed].Length < records)
            {
                _rows[feed] = new int[records];
                _sorted[feed] = new int[records];
            }
        }
    }

    /// <summary>
    /// Lets go of the records, once every entity has applied it. Whether it is worth keeping for another read: not with far more room than
    /// this one needed, so that a source that has caught up keeps nothing of what catching up took.
    /// </summary>
    public bool TryReuse()
    {
        Records = null;
        return Batch.Offsets.Length / WasteMax <= Math.Max(Batch.Count, SmallRecords);
    }

    private static long Newest(ReadOnlySpan<long> timestamps)
    {
        var newest = long.MinValue;
        foreach (var timestamp in timestamps)
        {
            newest = timestamp > 0 ? Math.Max(newest, timestamp) : newest;
        }

        return newest;
    }

    /// <summary>Lets a feed take a row.</summary>
    public void Accept(int feed, int row) => _rows[feed][_counts[feed]++] = row;

    /// <summary>Counts an event that at least one feed takes.</summary>
    /// <param name="timeMillis">Its newest event time.</param>
    /// <param name="isNew">Whether no earlier run counted it.</param>
    public void Count(long timeMillis, bool isNew)
    {
        _newestEvent = Math.Max(_newestEvent, timeMillis);
        var isAhead = timeMillis > _latestMillis;
        if (!isAhead)
        {
            _newestByClock = Math.Max(_newestByClock, timeMillis);
        }

        if (isNew)
        {
            _events++;
            _ahead += isAhead ? 1 : 0;
        }
    }

    /// <summary>Removes a row from the feeds that took it, because it failed.</summary>
    public void TakeBack(int row)
    {
        for (var feed = 0; feed < _counts.Length; feed++)
        {
            if (_counts[feed] > 0 && _rows[feed][_counts[feed] - 1] == row)
            {
                _counts[feed]--;
            }
        }
    }

    /// <summary>The rows that a feed takes, ascending.</summary>
    public ReadOnlySpan<int> RowsOf(EntityFeed feed)
    {
        var index = _feeds.IndexOf(feed);
        return _rows[index].AsSpan(0, _counts[index]);
    }

    /// <summary>Room for a feed's rows in the order of their entities.</summary>
    public int[] SortedOf(EntityFeed feed) => _sorted[_feeds.IndexOf(feed)];
}
