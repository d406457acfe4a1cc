using System.Text.Unicode;
using Streaming.Features.Events;

namespace Streaming.Offline.Parquet;

/// <summary>Fills a text column with a new buffer, row by row.</summary>
internal sealed class TextBuilder
{
    // The longest text of a missing value.
    private const int FormattedMax = 64;
    private const int FirstBytesMax = 1 << 24;
    private readonly TextColumn _column;
    private byte[] _buffer;
    private int _used;

    public TextBuilder(TextColumn column, int rows)
    {
        _column = column;
        _column.EnsureCapacity(rows);
        _buffer = new byte[Math.Clamp(rows * 12L, FormattedMax, FirstBytesMax)];
    }

    /// <summary>Writes a value as text and returns its length.</summary>
    public delegate int Format<T>(T value, int row, Span<byte> text);

    /// <summary>Adds each value of a column as text.</summary>
    public void Fill<T>(StoredColumn column, Format<T> format)
        where T : unmanaged => Fill<T>(column, (value, row) => Take(row, format(value, row, Room(FormattedMax)[..FormattedMax])));

    /// <summary>Has each value of a column added.</summary>
    public void Fill<T>(StoredColumn column, Action<T, int> add)
        where T : unmanaged
    {
        var present = new bool[column.Rows];
        column.Convert<T, bool>(present, false, (value, row) =>
        {
            add(value, row);
            return true;
        });
        for (var row = present.AsSpan().IndexOf(false); row >= 0 && row < present.Length; row++)
        {
            if (!present[row])
            {
                AddNull(row);
            }
        }
    }

    public void Add(int row, ReadOnlySpan<byte> text)
    {
        text.CopyTo(Room(text.Length));
        Take(row, text.Length);
    }

    public void AddNull(int row) => _column.SetNull(row);

    /// <summary>Hands the column its texts; the first row whose text is not UTF-8, or -1.</summary>
    public int Finish(int rows)
    {
        _column.Buffer = _buffer;
        return IsUtf8(rows) ? -1 : Enumerable.Range(0, rows).First(row => !Utf8.IsValid(_column[row]));
    }

    // All texts at once, which is much faster; then none may begin within a character that the one before it began.
    private bool IsUtf8(int rows)
    {
        var valid = Utf8.IsValid(_buffer.AsSpan(0, _used));
        for (var row = 0; valid && row < rows; row++)
        {
            valid = _column.Length[row] <= 0 || (_buffer[_column.Start[row]] & 0xC0) != 0x80;
        }

        return valid;
    }

    private void Take(int row, int length)
    {
        _column.Set(row, _used, length);
        _used += length;
    }

    private Span<byte> Room(int bytes)
    {
        if (bytes > _buffer.Length - _used)
        {
            var needed = (long)_used + bytes;
            Array.Resize(ref _buffer, needed <= Array.MaxLength
                ? (int)Math.Min(Array.MaxLength, Math.Max(needed, 2L * _buffer.Length))
                : throw new InvalidDataException(
                    $"its texts in one row group are more than {Array.MaxLength} bytes together; write smaller row groups"));
        }

        return _buffer.AsSpan(_used);
    }
}
