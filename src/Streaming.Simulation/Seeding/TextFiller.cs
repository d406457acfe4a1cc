// Hot: once per generated event and text field.
using System.Text;
using Streaming.Features.Events;

namespace Streaming.Simulation.Seeding;

/// <summary>Fills a text column row by row, into one buffer that grows and is used again.</summary>
internal sealed class TextFiller(TextColumn column)
{
    private const int TextBytesMax = 64;
    private int _end;

    /// <summary>Writes a text of at most <see cref="TextBytesMax"/> bytes and says how many.</summary>
    public delegate int WriteText<T>(T value, Span<byte> utf8);

    /// <summary>Starts over at row 0.</summary>
    public void Clear() => _end = 0;

    /// <summary>Sets a row's text.</summary>
    public void Set<T>(int row, T value, WriteText<T> write)
    {
        if (column.Buffer.Length - _end < TextBytesMax)
        {
            var buffer = column.Buffer;
            Array.Resize(ref buffer, Math.Max(4096, buffer.Length * 2));
            column.Buffer = buffer;
        }

        var length = write(value, column.Buffer.AsSpan(_end, TextBytesMax));
        column.Set(row, _end, length);
        _end += length;
    }

    /// <summary>Sets a row's text.</summary>
    public void Set(int row, string value) => Set(row, value, static (text, utf8) => Encoding.UTF8.GetBytes(text, utf8));
}
