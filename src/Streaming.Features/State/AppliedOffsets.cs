// Hot: one look-up per delivery.
namespace Streaming.Features.State;

/// <summary>Per feed and partition, the last offset whose effect is in the state. A handful of pairs in one array, searched in order.</summary>
internal sealed class AppliedOffsets
{
    private long[] _pairs = [];

    /// <summary>How many partitions have an applied offset.</summary>
    public int Count => _pairs.Length / 2;

    /// <summary>One of them: feed, partition, offset.</summary>
    public (int Feed, int Partition, long Offset) this[int index] => ((int)(_pairs[2 * index] >> 32), (int)_pairs[2 * index], _pairs[(2 * index) + 1]);

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
            index = _pairs.Length;
            Array.Resize(ref _pairs, index + 2);
            _pairs[index] = Id(feed, partition);
        }

        _pairs[index + 1] = offset;
    }

    private static long Id(int feed, int partition) => ((long)feed << 32) | (uint)partition;

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
