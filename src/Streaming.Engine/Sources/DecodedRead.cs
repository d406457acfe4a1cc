using System.Collections.Immutable;
using Streaming.Contracts.Events;
using Streaming.Features.Events;
using Streaming.Features.Plans;

namespace Streaming.Engine.Sources;

/// <summary>One read of a partition after decoding: events as columns, which of them each feed takes, and what cannot be processed.</summary>
internal sealed class DecodedRead(EventBatch batch, ImmutableArray<EntityFeed> feeds, long nextOffset, int records)
{
    private readonly int[][] _rows = new int[feeds.Length][];
    private readonly int[] _counts = new int[feeds.Length];

    /// <summary>The events.</summary>
    public EventBatch Batch { get; } = batch;

    /// <summary>The offset behind the last record.</summary>
    public long NextOffset { get; } = nextOffset;

    /// <summary>Records read.</summary>
    public int Records { get; } = records;

    /// <summary>What cannot be processed, with its reason and origin.</summary>
    public List<DeadLetter> DeadLetters { get; } = [];

    /// <summary>The partition's watermark behind this read.</summary>
    public long WatermarkMillis { get; set; } = long.MinValue;

    /// <summary>Lets a feed take a row.</summary>
    public void Accept(int feed, int row)
    {
        var rows = _rows[feed] ??= new int[Records];
        rows[_counts[feed]++] = row;
    }

    /// <summary>The rows that a feed takes, ascending.</summary>
    public ReadOnlySpan<int> RowsOf(EntityFeed feed)
    {
        var index = feeds.IndexOf(feed);
        return _rows[index].AsSpan(0, _counts[index]);
    }
}
