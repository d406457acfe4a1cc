// Hot: one per read of a partition; its buffer is what events are decoded from, in place.
using System.Runtime.InteropServices;

namespace Streaming.Log;

/// <summary>
/// Records of one partition as columns over one buffer. Append fills <see cref="Timestamps"/>, keys and values; a read also
/// fills <see cref="Offsets"/>, ascending (gaps are allowed). After it was handed over it is read-only.
/// </summary>
public sealed class RecordBatch
{
    private int _stagedKeyLength;

    /// <summary>Makes an empty batch with room for records and bytes; both grow.</summary>
    public RecordBatch(int records = 64, int bytes = 4096)
    {
        Buffer = new byte[bytes];
        Offsets = new long[records];
        Timestamps = new long[records];
        KeyStart = new int[records];
        KeyLength = new int[records];
        ValueStart = new int[records];
        ValueLength = new int[records];
    }

    /// <summary>Records in use.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of <see cref="Buffer"/> in use.</summary>
    public int Bytes { get; private set; }

    /// <summary>Where all keys and values lie.</summary>
    public byte[] Buffer { get; private set; }

    /// <summary>Each record's offset; meaningless before the batch was appended.</summary>
    public long[] Offsets { get; private set; }

    /// <summary>Each record's timestamp (Kafka's CreateTime), milliseconds since the epoch.</summary>
    public long[] Timestamps { get; private set; }

    /// <summary>Where each key starts.</summary>
    public int[] KeyStart { get; private set; }

    /// <summary>Each key's length; -1 is null.</summary>
    public int[] KeyLength { get; private set; }

    /// <summary>Where each value starts.</summary>
    public int[] ValueStart { get; private set; }

    /// <summary>Each value's length; -1 is null (a tombstone).</summary>
    public int[] ValueLength { get; private set; }

    /// <summary>A record's key; empty when null.</summary>
    public ReadOnlySpan<byte> Key(int record) => KeyLength[record] <= 0 ? default : Buffer.AsSpan(KeyStart[record], KeyLength[record]);

    /// <summary>A record's value; empty when null.</summary>
    public ReadOnlySpan<byte> Value(int record) =>
        ValueLength[record] <= 0 ? default : Buffer.AsSpan(ValueStart[record], ValueLength[record]);

    /// <summary>Adds a record; the flags distinguish null from empty.</summary>
    public void Add(
        long offset,
        long timestampMillis,
        ReadOnlySpan<byte> key,
        ReadOnlySpan<byte> value,
        bool keyIsNull = false,
        bool valueIsNull = false)
    {
        if (Count == Offsets.Length)
        {
            GrowRecords(Count + 1);
        }

        EnsureBytes(key.Length + value.Length);
        Offsets[Count] = offset;
        Timestamps[Count] = timestampMillis;
        KeyStart[Count] = Bytes;
        KeyLength[Count] = keyIsNull ? -1 : key.Length;
        key.CopyTo(Buffer.AsSpan(Bytes));
        Bytes += key.Length;
        ValueStart[Count] = Bytes;
        ValueLength[Count] = valueIsNull ? -1 : value.Length;
        value.CopyTo(Buffer.AsSpan(Bytes));
        Bytes += value.Length;
        Count++;
    }

    /// <summary>Empties the batch and keeps its memory, for a writer that owns it alone.</summary>
    public void Clear()
    {
        Count = 0;
        Bytes = 0;
    }

    /// <summary>
    /// Adds a run of records with dense offsets, column by column: timestamps as 64-bit and lengths as 32-bit numbers in this
    /// machine's byte order, and the bytes of key, value, key, value and so on without a gap.
    /// </summary>
    internal void AddColumns(
        long firstOffset,
        ReadOnlySpan<byte> timestamps,
        ReadOnlySpan<byte> keyLengths,
        ReadOnlySpan<byte> valueLengths,
        ReadOnlySpan<byte> keysAndValues)
    {
        var added = keyLengths.Length / sizeof(int);
        if (Count + added > Offsets.Length)
        {
            GrowRecords(Count + added);
        }

        EnsureBytes(keysAndValues.Length);
        timestamps.CopyTo(MemoryMarshal.AsBytes(Timestamps.AsSpan(Count)));
        keyLengths.CopyTo(MemoryMarshal.AsBytes(KeyLength.AsSpan(Count)));
        valueLengths.CopyTo(MemoryMarshal.AsBytes(ValueLength.AsSpan(Count)));
        keysAndValues.CopyTo(Buffer.AsSpan(Bytes));
        for (int record = Count, until = Count + added; record < until; record++)
        {
            Offsets[record] = firstOffset++;
            KeyStart[record] = Bytes;
            Bytes += Math.Max(KeyLength[record], 0);
            ValueStart[record] = Bytes;
            Bytes += Math.Max(ValueLength[record], 0);
        }

        Count += added;
    }

    /// <summary>Adds some of another batch's records, in bulk; offsets count up from the first one's.</summary>
    internal void AddRange(RecordBatch other, int from, int count)
    {
        var start = other.KeyStart[from];
        var last = from + count - 1;
        AddColumns(
            other.Offsets[from],
            MemoryMarshal.AsBytes(other.Timestamps.AsSpan(from, count)),
            MemoryMarshal.AsBytes(other.KeyLength.AsSpan(from, count)),
            MemoryMarshal.AsBytes(other.ValueLength.AsSpan(from, count)),
            other.Buffer.AsSpan(start, other.ValueStart[last] + Math.Max(other.ValueLength[last], 0) - start));
    }

    /// <summary>First half of a record whose key is known before its offset; finished by <see cref="AddStaged"/>.</summary>
    internal void StageKey(ReadOnlySpan<byte> key, bool isNull)
    {
        EnsureBytes(key.Length);
        key.CopyTo(Buffer.AsSpan(Bytes));
        _stagedKeyLength = isNull ? -1 : key.Length;
    }

    /// <summary>The value of the record whose key was staged last.</summary>
    internal void StageValue(ReadOnlySpan<byte> value, bool isNull)
    {
        if (Count == Offsets.Length)
        {
            GrowRecords(Count + 1);
        }

        var start = Bytes + Math.Max(_stagedKeyLength, 0);
        EnsureBytes(start - Bytes + value.Length);
        value.CopyTo(Buffer.AsSpan(start));
        KeyStart[Count] = Bytes;
        KeyLength[Count] = _stagedKeyLength;
        ValueStart[Count] = start;
        ValueLength[Count] = isNull ? -1 : value.Length;
    }

    /// <summary>Makes the staged key and value a record.</summary>
    internal void AddStaged(long offset, long timestampMillis)
    {
        Offsets[Count] = offset;
        Timestamps[Count] = timestampMillis;
        Bytes = ValueStart[Count] + Math.Max(ValueLength[Count], 0);
        Count++;
    }

    private void EnsureBytes(int more)
    {
        if (more > Buffer.Length - Bytes)
        {
            var buffer = Buffer;
            var doubled = (int)Math.Min(2L * buffer.Length, Array.MaxLength);
            Array.Resize(ref buffer, Math.Max(checked(Bytes + more), doubled));
            Buffer = buffer;
        }
    }

    private void GrowRecords(int atLeast)
    {
        var size = Math.Max(Math.Max(64, atLeast), 2 * Count);
        Offsets = Grown(Offsets, size);
        Timestamps = Grown(Timestamps, size);
        KeyStart = Grown(KeyStart, size);
        KeyLength = Grown(KeyLength, size);
        ValueStart = Grown(ValueStart, size);
        ValueLength = Grown(ValueLength, size);
    }

    private static T[] Grown<T>(T[] array, int size)
    {
        Array.Resize(ref array, size);
        return array;
    }
}
