namespace Streaming.Log.Embedded;

/// <summary>
/// The bytes of a partition's rows by offset, kept as a mark each 256 KiB, so that a partition is read through once and only what was
/// appended is looked at later. Pure; used by one caller at a time.
/// </summary>
internal sealed class RowSizes
{
    /// <summary>What a row takes beside its records.</summary>
    private const int RowBytes = 40;
    private const int MarkBytes = 256 << 10;

    private readonly List<(long Offset, long Before)> _marks = [];
    private long _total;

    /// <summary>The offset behind the last row that was added.</summary>
    public long NextOffset { get; private set; }

    /// <summary>Adds the next row.</summary>
    public void Add(long offset, long count, long bytes)
    {
        if (_marks.Count == 0 || _total - _marks[^1].Before >= MarkBytes)
        {
            _marks.Add((offset, _total));
        }

        _total += bytes + RowBytes;
        NextOffset = offset + count;
    }

    /// <summary>Rows before an offset are deleted.</summary>
    public void DeleteBefore(long firstOffset)
    {
        var from = At(firstOffset);
        if (from > 0)
        {
            _marks.RemoveRange(0, from);
        }

        NextOffset = Math.Max(NextOffset, firstOffset);
    }

    /// <summary>The bytes from an offset on.</summary>
    public long BytesFrom(long offset) => _marks.Count == 0 ? 0 : _total - _marks[At(offset)].Before;

    /// <summary>The first offset from which on there are at most so many bytes; the last mark's where even that has more.</summary>
    public long OffsetLeaving(long bytes)
    {
        var (low, high) = (0, _marks.Count - 1);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _total - _marks[middle].Before <= bytes ? (low, middle) : (middle + 1, high);
        }

        return _marks.Count == 0 ? 0 : _marks[low].Offset;
    }

    /// <summary>The last mark at or before an offset.</summary>
    private int At(long offset)
    {
        var (low, high) = (0, _marks.Count - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            (low, high) = _marks[middle].Offset <= offset ? (middle, high) : (low, middle - 1);
        }

        return Math.Max(low, 0);
    }
}
