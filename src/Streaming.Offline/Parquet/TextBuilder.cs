using System.Globalization;
using Streaming.Features.Events;

namespace Streaming.Offline.Parquet;

/// <summary>Fills a text column with a new buffer, row by row.</summary>
internal struct TextBuilder
{
    private readonly TextColumn _column;
    private byte[] _buffer;
    private int _used;

    public TextBuilder(TextColumn column, int rows)
    {
        _column = column;
        _column.EnsureCapacity(rows);
        _buffer = new byte[Math.Max(64, rows * 12)];
    }

    public void Add(int row, ReadOnlySpan<byte> text)
    {
        text.CopyTo(Room(text.Length));
        _column.Set(row, _used, text.Length);
        _used += text.Length;
    }

    public void Add(int row, long number)
    {
        number.TryFormat(Room(20), out var length, default, CultureInfo.InvariantCulture);
        _column.Set(row, _used, length);
        _used += length;
    }

    public void Add(int row, double number)
    {
        number.TryFormat(Room(32), out var length, "R", CultureInfo.InvariantCulture);
        _column.Set(row, _used, length);
        _used += length;
    }

    public readonly void AddNull(int row) => _column.SetNull(row);

    public readonly void Finish() => _column.Buffer = _buffer;

    private Span<byte> Room(int bytes)
    {
        if (_used + bytes > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_used + bytes, checked(_buffer.Length * 2)));
        }

        return _buffer.AsSpan(_used);
    }
}
