using ParquetSharp;
using Streaming.Features.Events;
using Encoding = System.Text.Encoding;

namespace Streaming.Offline.Parquet;

/// <summary>Writes texts: UTF-8 in one pinned buffer, a pointer and a length a row, and a level that tells null.</summary>
internal sealed class TextParquetColumn(string name, ITextSource source, bool isBytes = false) : ParquetColumn(name)
{
    internal override bool UseDictionary => true;

    internal override Column Schema() => isBytes ? new Column<byte[]>(Name) : new Column<string>(Name);

    internal override unsafe void Write(ColumnWriter writer, int first, int count)
    {
        var buffer = source.Utf8(first, count, out var lengths);
        var values = new ByteArray[count];
        var levels = new short[count];
        fixed (byte* bytes = buffer)
        {
            var present = 0;
            for (var row = 0; row < count; row++)
            {
                if (lengths[row].Length >= 0)
                {
                    levels[row] = 1;
                    values[present++] = new ByteArray((nint)(bytes + lengths[row].Start), lengths[row].Length);
                }
            }

            ((ColumnWriter<ByteArray>)writer).WriteBatch(count, levels, default, values.AsSpan(0, present));
        }
    }
}

/// <summary>Texts as slices of a buffer.</summary>
internal interface ITextSource
{
    /// <summary>The buffer, and each row's slice of it; length -1 is null.</summary>
    byte[] Utf8(int first, int count, out (int Start, int Length)[] slices);
}

/// <summary>Texts that are strings.</summary>
internal sealed class StringSource(string?[] values) : ITextSource
{
    public byte[] Utf8(int first, int count, out (int Start, int Length)[] slices)
    {
        var rows = values.AsSpan(first, count);
        var bytes = 0;
        foreach (var value in rows)
        {
            bytes += value is null ? 0 : Encoding.UTF8.GetByteCount(value);
        }

        // One byte more than needed: a buffer of none cannot be pinned.
        var buffer = new byte[bytes + 1];
        slices = new (int Start, int Length)[count];
        var used = 0;
        for (var row = 0; row < count; row++)
        {
            var length = rows[row] is { } value ? Encoding.UTF8.GetBytes(value, buffer.AsSpan(used)) : -1;
            slices[row] = (used, length);
            used += Math.Max(0, length);
        }

        return buffer;
    }
}

/// <summary>Texts that are UTF-8 already.</summary>
internal sealed class SliceSource(TextColumn values) : ITextSource
{
    public byte[] Utf8(int first, int count, out (int Start, int Length)[] slices)
    {
        slices = new (int Start, int Length)[count];
        for (var row = 0; row < count; row++)
        {
            slices[row] = (values.Start[first + row], values.Length[first + row]);
        }

        return values.Buffer.Length > 0 ? values.Buffer : new byte[1];
    }
}
