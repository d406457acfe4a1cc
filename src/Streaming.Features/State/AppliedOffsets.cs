// Hot: one look-up per delivery.
namespace Streaming.Features.State;

/// <summary>
/// Per feed and partition, the last offset whose effect is in the state. A handful of pairs in one array, by feed and partition,
/// searched in order.
/// </summary>
internal sealed class AppliedOffsets
{
    private long[] _pairs = [];

    /// <summary>How many partitions have an applied offset.</summary>
    public int Count => _pairs.Length / 2;

    /// <summary>One of them: feed, partition, offset.</summary>
    public (int Feed, int Partition, long Offset) this[int index] =>
        ((int)(_pairs[2 * index] >> 32), (int)_pairs[2 * index], _pairs[(2 * index) + 1]);

    /// <summary>A copy. Safe on any thread; of one moment if the owner did not write.</summary>
    public AppliedOffsets Copy() => new() { _pairs = [.. _pairs] };

    /// <summary>The last applied offset; -1 when none.</summary>
    public long Get(int feed, int partition)
    {
        var index = IndexOf(Id(feed, partition));
        return index < 0 ? -1 : _pairs[index + 1];
    }

    /// <summary>Notes an applied offset.</summary>
    public void Set(int feed, int partition, long offset)
    {
        var index = IndexOf(Id(feed, partition));
        if (index < 0)
        {
            index = Insert(Id(feed, partition));
        }

        _pairs[index + 1] = offset;
    }

    private static long Id(int feed, int partition) => ((long)feed << 32) | (uint)partition;

    private int Insert(long id)
    {
        var index = 0;
        while (index < _pairs.Length && _pairs[index] < id)
        {
            index += 2;
        }

        _pairs = [.. _pairs.AsSpan(0, index), id, -1, .. _pairs.AsSpan(index)];
        return index;
    }

    private int IndexOf(long id)
    {
        for (var i = 0; i < _pairs.Length; i += 2)
        {
            if (_pairs[i] == id)
            {
                return i;
            }
        }

        return -1;
    }
}
