using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Streaming.Features.State;

/// <summary>Appends values as <see cref="StateReader"/> takes them: little-endian, texts behind their length.</summary>
internal static class StateWriter
{
    public static void WriteInt(IBufferWriter<byte> output, int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(sizeof(int)), value);
        output.Advance(sizeof(int));
    }

    public static void WriteLong(IBufferWriter<byte> output, long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(sizeof(long)), value);
        output.Advance(sizeof(long));
    }

    public static void WriteText(IBufferWriter<byte> output, string text)
    {
        WriteInt(output, Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, output);
    }
}
