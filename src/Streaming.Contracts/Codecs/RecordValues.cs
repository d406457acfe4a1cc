// Hot: called from compiled record writers.
using System.Collections.Immutable;

namespace Streaming.Contracts.Codecs;

/// <summary>Values that take more than one instruction: texts, bytes, arrays.</summary>
internal static class RecordValues
{
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
