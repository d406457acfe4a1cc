// Hot: one per row written or read; columns are copied in bulk.
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace Streaming.Log.Embedded;

/// <summary>
/// The bytes of one row's records (drawn in docs/event-log.md): a header of 8 bytes, then timestamps, key lengths, value lengths
/// and the keys and values, as columns that a <see cref="RecordBatch"/> takes over without looking at each record. Little-endian.
/// </summary>
internal readonly ref struct BatchBlob
{
    public const int BytesPerRecord = sizeof(long) + (2 * sizeof(int));
    private const int HeaderBytes = 8;

    private BatchBlob(ReadOnlySpan<byte> blob, int count)
    {
        Count = count;
        Timestamps = blob.Slice(HeaderBytes, count * sizeof(long));
        KeyLengths = blob.Slice(HeaderBytes + Timestamps.Length, count * sizeof(int));
        ValueLengths = blob.Slice(HeaderBytes + Timestamps.Length + KeyLengths.Length, count * sizeof(int));
        KeysAndValues = blob[(HeaderBytes + (count * BytesPerRecord))..];
    }

    public int Count { get; }

    private ReadOnlySpan<byte> Timestamps { get; }

    private ReadOnlySpan<byte> KeyLengths { get; }

    private ReadOnlySpan<byte> ValueLengths { get; }

    private ReadOnlySpan<byte> KeysAndValues { get; }

    /// <summary>
    /// The row's checksum: XxHash3 over the bytes, seeded with the row's id and the log's, so that a row in another's place is
    /// noticed.
    /// </summary>
    public static long Checksum(ReadOnlySpan<byte> blob, long seed) => (long)XxHash3.HashToUInt64(blob, seed);

    /// <summary>Whether a row stands for offsets whose records were lost and whose loss was accepted: it has no bytes.</summary>
    public static bool IsHole(ReadOnlySpan<byte> blob, long seed, long checksum) => blob.IsEmpty && checksum == Checksum(blob, seed);

    /// <summary>
    /// Whether a row of id, count, checksum and records holds what was written there, or stands for offsets that were lost.
    /// </summary>
    public static bool IsSound(Statement row, long seed)
    {
        var (own, count, checksum) = (row.Long(0) ^ seed, row.Long(1), row.Long(2));
        var records = row.Blob(3);
        return count is > 0 and <= int.MaxValue && (IsHole(records, own, checksum) || TryParse(records, (int)count, own, checksum, out _));
    }

    /// <summary>Parses a row's bytes; false when they are not what was written for that row.</summary>
    public static bool TryParse(ReadOnlySpan<byte> blob, int count, long seed, long checksum, out BatchBlob parsed)
    {
        parsed = default;
        if (blob.Length < HeaderBytes || Checksum(blob, seed) != checksum || BinaryPrimitives.ReadInt32LittleEndian(blob) != count)
        {
            return false;
        }

        if ((long)HeaderBytes + ((long)count * BytesPerRecord) + BinaryPrimitives.ReadInt32LittleEndian(blob[4..]) != blob.Length)
        {
            return false;
        }

        parsed = new BatchBlob(blob, count);
        return true;
    }

    /// <summary>
    /// Writes a batch (keys and values without a gap, as <see cref="RecordBatch.Add"/> lays them) to a buffer that grows; returns the
    /// length.
    /// </summary>
    public static int Write(RecordBatch batch, ref byte[] buffer)
    {
        var count = batch.Count;
        var length = checked(HeaderBytes + (count * BytesPerRecord) + batch.Bytes);
        if (buffer.Length < length)
        {
            buffer = new byte[Math.Max(length, 2 * buffer.Length)];
        }

        var rest = buffer.AsSpan();
        BinaryPrimitives.WriteInt32LittleEndian(rest, count);
        BinaryPrimitives.WriteInt32LittleEndian(rest[4..], batch.Bytes);
        rest = rest[HeaderBytes..];
        rest = Put(rest, MemoryMarshal.AsBytes(batch.Timestamps.AsSpan(0, count)));
        rest = Put(rest, MemoryMarshal.AsBytes(batch.KeyLength.AsSpan(0, count)));
        rest = Put(rest, MemoryMarshal.AsBytes(batch.ValueLength.AsSpan(0, count)));
        Put(rest, batch.Buffer.AsSpan(0, batch.Bytes));
        return length;
    }

    /// <summary>Adds some of the records to a batch.</summary>
    public void CopyTo(RecordBatch batch, long firstOffset, int skip, int take)
    {
        var from = skip == 0 ? 0 : DataBytes(0, skip);
        var bytes = skip + take == Count ? KeysAndValues.Length - from : DataBytes(skip, take);
        batch.AddColumns(
            firstOffset,
            Timestamps.Slice(skip * sizeof(long), take * sizeof(long)),
            KeyLengths.Slice(skip * sizeof(int), take * sizeof(int)),
            ValueLengths.Slice(skip * sizeof(int), take * sizeof(int)),
            KeysAndValues.Slice(from, bytes));
    }

    /// <summary>The first record at or after a timestamp; -1 when there is none.</summary>
    public int FirstAtOrAfter(long timestampMillis)
    {
        for (var record = 0; record < Count; record++)
        {
            if (BinaryPrimitives.ReadInt64LittleEndian(Timestamps[(record * sizeof(long))..]) >= timestampMillis)
            {
                return record;
            }
        }

        return -1;
    }

    private int DataBytes(int from, int count)
    {
        var bytes = 0;
        for (var record = from; record < from + count; record++)
        {
            bytes += Length(KeyLengths, record) + Length(ValueLengths, record);
        }

        return bytes;
    }

    private static int Length(ReadOnlySpan<byte> lengths, int record) =>
        Math.Max(BinaryPrimitives.ReadInt32LittleEndian(lengths[(record * sizeof(int))..]), 0);

    private static Span<byte> Put(Span<byte> to, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(to);
        return to[bytes.Length..];
    }
}
