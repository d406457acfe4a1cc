// Hot: for each snapshot of a flush.
using System.IO.Hashing;
using System.Runtime.InteropServices;
using StackExchange.Redis;

namespace Streaming.Persistence.Redis.Slots;

/// <summary>
/// A flush, cut into scripts: sorted by bucket, so that each script touches few of them, and laid out as the script reads it. Snapshots are
/// not copied.
/// </summary>
internal readonly struct SlotBatch
{
    private readonly int[] _order;
    private readonly byte[] _bucketOf;

    private SlotBatch(int[] order, byte[] bucketOf)
    {
        _order = order;
        _bucketOf = bucketOf;
    }

    /// <summary>The bucket of a key: XxHash3 of its UTF-16 bytes, little-endian. Never changes: it is where snapshots are found.</summary>
    public static int BucketOf(ReadOnlySpan<char> key) =>
        (int)(XxHash3.HashToUInt64(MemoryMarshal.AsBytes(key)) % SlotKeys.Buckets);

    /// <summary>Sorts a flush by bucket.</summary>
    public static SlotBatch Sort(ReadOnlySpan<SlotEntry> entries)
    {
        Span<int> next = stackalloc int[SlotKeys.Buckets];
        var buckets = new byte[entries.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            buckets[i] = (byte)BucketOf(entries[i].Key);
            next[buckets[i]]++;
        }

        var begin = 0;
        foreach (ref var slot in next)
        {
            (slot, begin) = (begin, begin + slot);
        }

        var order = new int[entries.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[next[buckets[i]]++] = i;
        }

        return new(order, buckets);
    }

    /// <summary>How many entries one script takes from a place on: at least one.</summary>
    public int CountFrom(int start, ReadOnlySpan<SlotEntry> entries, int entriesMax, int bytesMax)
    {
        var bytes = 0L;
        var count = 0;
        while (start + count < entries.Length && count < entriesMax && (count == 0 || bytes < bytesMax))
        {
            bytes += entries[_order[start + count++]].Snapshot.Length;
        }

        return count;
    }

    /// <summary>The keys of a script: the fence, then the buckets that it touches.</summary>
    public RedisKey[] Keys(int start, int count, RedisKey fence, RedisKey[] buckets)
    {
        var keys = new RedisKey[1 + Distinct(start, count)];
        keys[0] = fence;
        for (int i = start, at = 1; i < start + count; i++)
        {
            if (IsFirst(i, start))
            {
                keys[at++] = buckets[_bucketOf[_order[i]]];
            }
        }

        return keys;
    }

    /// <summary>
    /// The fence before and after; then for each bucket how many arguments follow for it, and keys, with their snapshots if these are
    /// written.
    /// </summary>
    public RedisValue[] Arguments(
        int start, int count, (RedisValue Before, RedisValue After) fence, ReadOnlySpan<SlotEntry> entries, bool withSnapshots)
    {
        var each = withSnapshots ? 2 : 1;
        var arguments = new RedisValue[2 + Distinct(start, count) + (each * count)];
        (arguments[0], arguments[1]) = fence;
        var (at, length) = (2, 0);
        for (var i = start; i < start + count; i++)
        {
            if (IsFirst(i, start))
            {
                length = at++;
                arguments[length] = 0;
            }

            ref readonly var entry = ref entries[_order[i]];
            arguments[at++] = entry.Key;
            if (withSnapshots)
            {
                arguments[at++] = entry.Snapshot;
            }

            arguments[length] = at - length - 1;
        }

        return arguments;
    }

    private int Distinct(int start, int count)
    {
        var distinct = 0;
        for (var i = start; i < start + count; i++)
        {
            distinct += IsFirst(i, start) ? 1 : 0;
        }

        return distinct;
    }

    private bool IsFirst(int at, int start) => at == start || _bucketOf[_order[at]] != _bucketOf[_order[at - 1]];
}
