// Hot: called from compiled record readers and writers.
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;

namespace Streaming.Contracts.Codecs;

/// <summary>Values that take more than one instruction: texts, bytes, arrays.</summary>
internal static class RecordValues
{
    public static string Text(ref AvroReader reader) => Encoding.UTF8.GetString(reader.ReadText());

    public static ReadOnlyMemory<byte> Bytes(ref AvroReader reader) => reader.ReadBytes().ToArray();

    public static ImmutableArray<T> Items<T>(ref AvroReader reader, RecordReader.ReadRecord<T> readItem, int minItemBytes)
    {
        T[] items = [];
        var used = 0;
        for (int count; (count = reader.ReadBlock(minItemBytes)) > 0;)
        {
            if (items.Length < used + count)
            {
                // The first block is nearly always the only one; many small ones must not cost the square of their number.
                Array.Resize(ref items, Math.Max(used + count, 2 * used));
            }

            for (var i = 0; i < count; i++)
            {
                items[used++] = readItem(ref reader);
            }
        }

        Array.Resize(ref items, used);
        return ImmutableCollectionsMarshal.AsImmutableArray(items);
    }

    public static void WriteBytes(AvroBuffer output, ReadOnlyMemory<byte> value) => output.WriteBytes(value.Span);

    public static void WriteRaw(AvroBuffer output, byte[] encoded) => output.WriteRaw(encoded);

    public static void WriteItems<T>(AvroBuffer output, ImmutableArray<T> items, RecordWriter.WriteRecord<T> writeItem)
    {
        if (!items.IsDefaultOrEmpty)
        {
            output.WriteLong(items.Length);
            foreach (var item in items)
            {
                writeItem(output, item);
            }
        }

        output.WriteLong(0);
    }
}
