// Hot: one per read of a partition; its buffer is what events are decoded from, in place.
namespace Streaming.Log;

/// <summary>
/// Records of one partition as columns over one buffer. Append fills <see cref="Timestamps"/>, keys and values; a read also
/// fills <see cref="Offsets"/>, ascending (gaps are allowed). After it was handed over it is read-only.
/// </summary>
public sealed class RecordBatch
{
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
    public ReadOnlySpan<byte> Value(int record) => ValueLength[record] <= 0 ? default : Buffer.AsSpan(ValueStart[record], ValueLength[record]);

    /// <summary>Adds a record; null is told from empty by the flags.</summary>
    public void Add(long offset, long timestampMillis, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, bool keyIsNull = false, bool valueIsNull = false)
    {
        if (Count == Offsets.Length)
        {
            GrowRecords();
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

    private void EnsureBytes(int more)
    {
        if (Bytes + more > Buffer.Length)
        {
            var buffer = Buffer;
            Array.Resize(ref buffer, Math.Max(Bytes + more, 2 * buffer.Length));
            Buffer = buffer;
        }
    }

    private void GrowRecords()
    {
        var size = Math.Max(64, 2 * Count);
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
