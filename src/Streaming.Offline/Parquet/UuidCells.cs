using ParquetSharp;

namespace Streaming.Offline.Parquet;

/// <summary>UUIDs; as text in their canonical form.</summary>
internal sealed class UuidCells(StoredColumn column) : StoredCells(column)
{
    private const int Bytes = 16;

    public override unsafe void Texts(TextBuilder into) => into.Fill<FixedLenByteArray>(Column, static (value, _, text) =>
    {
        new Guid(new ReadOnlySpan<byte>((byte*)value.Pointer, Bytes), bigEndian: true).TryFormat(text, out var length);
        return length;
    });
}
