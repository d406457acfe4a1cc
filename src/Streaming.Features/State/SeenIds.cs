// Hot: one look-up per event of a topic that declares duplicates.
using System.IO.Hashing;

namespace Streaming.Features.State;

/// <summary>
/// The ids of one feed's events that an entity has seen, as 128-bit hashes, each with its event's time and partition. A partition's ids
/// are remembered while their time is after its newest one less the horizon: so they are a function of that partition's events alone,
/// however partitions interleave. Written by one owner; <see cref="TryFind"/> may be called on any thread, under the entity's version.
/// </summary>
internal sealed class SeenIds
{
    /// <summary>Words of an id: the two halves of its hash, and its stamp.</summary>
    public const int WordsAnId = 3;

    private const int SmallestCapacity = 4;

    // Pairs: partition, newest event time.
    private long[] _newest = [];

    // Three columns of one length: the hashes' lower halves, their upper halves, the stamps. In the order of arrival.
    private long[] _ids = [];
    private IdIndex? _index;
    private int _count;

    /// <summary>How many ids are kept, those that are no longer remembered among them.</summary>
    public int Count => _count;

    /// <summary>Bytes in memory, its own fields not counted.</summary>
    public int MemoryBytes => ((_ids.Length + _newest.Length) * sizeof(long)) + (_index?.MemoryBytes ?? 0);

    /// <summary>Bytes in memory, about, with the objects that hold them.</summary>
    public int Bytes => 96 + MemoryBytes + (_index is null ? 0 : 48);

    /// <summary>The hash of an id; 0 where there is none.</summary>
    public static UInt128 HashOf(ReadOnlySpan<byte> id) => id.IsEmpty ? UInt128.Zero : XxHash128.HashToUInt128(id);

    /// <summary>Whether an event's id is remembered. If it is not yet so for its partition, it is from now on.</summary>
    public bool Judge(UInt128 id, int partition, long time, long horizon)
    {
        partition = IdStamp.Short(partition);
        var newest = NewestOf(partition);
        var (isCopy, own) = (false, -1);
        for (var at = Next(id, -1); at >= 0; at = Next(id, at))
        {
            var stamp = new IdStamp(_ids[(2 * Capacity) + at]);
            isCopy |= IsCopy(stamp, time, horizon);
            own = stamp.Partition == partition ? at : own;
        }

        if (own >= 0 && IsCopy(new IdStamp(_ids[(2 * Capacity) + own]), time, horizon))
        {
            return true;
        }

        if (newest == long.MinValue || newest - time < horizon)
        {
            Remember(id, partition, time, Math.Max(time, newest), own, horizon);
        }

        return isCopy;
    }

    /// <summary>
    /// The time of the newest event of which one with this id at a time is a copy. Safe on any thread; right if the owner did not write.
    /// </summary>
    public bool TryFind(UInt128 id, long at, long horizon, out long time)
    {
        time = long.MinValue;
        for (var place = Next(id, -1); place >= 0; place = Next(id, place))
        {
            var ids = Volatile.Read(ref _ids);
            var stamp = new IdStamp(ids[Math.Min((2 * (ids.Length / WordsAnId)) + place, ids.Length - 1)]);
            time = IsCopy(stamp, at, horizon) ? Math.Max(time, stamp.Time) : time;
        }

        return time != long.MinValue;
    }

    /// <summary>Forgets what is past the horizon, and gives back room that it took.</summary>
    public void Trim(long horizon)
    {
        if (!DropExpired(horizon) && _count >= Capacity / 4)
        {
            return;
        }

        if (Capacity > SmallestCapacity && _count < Capacity / 4)
        {
            Resize(Math.Max(SmallestCapacity, (_count + (_count / 4) + 1) & ~1));
        }

        Reindex();
    }

    /// <summary>Forgets the ids of events up to a time.</summary>
    public void ForgetUpTo(long time, long horizon)
    {
        Keep(horizon, time);
        Reindex();
    }

    /// <summary>
    /// Copies what is remembered, in its one order: by partition, time, hash. Returns how many; there is room for <see cref="Count"/>.
    /// </summary>
    public int CopySorted(long horizon, Span<(IdStamp Stamp, UInt128 Id)> sorted)
    {
        var kept = 0;
        for (var at = 0; at < _count; at++)
        {
            var stamp = new IdStamp(_ids[(2 * Capacity) + at]);
            if (IsAlive(stamp, horizon))
            {
                sorted[kept++] = (stamp, new UInt128((ulong)_ids[Capacity + at], (ulong)_ids[at]));
            }
        }

        sorted[..kept].Sort();
        return kept;
    }

    /// <summary>How many are remembered.</summary>
    public int CountAlive(long horizon)
    {
        var alive = 0;
        for (var at = 0; at < _count; at++)
        {
            alive += IsAlive(new IdStamp(_ids[(2 * Capacity) + at]), horizon) ? 1 : 0;
        }

        return alive;
    }

    /// <summary>Takes an id as it was remembered; false where no state can have it.</summary>
    public bool TryRestore(IdStamp stamp, UInt128 id)
    {
        for (var at = Next(id, -1); at >= 0; at = Next(id, at))
        {
            if (new IdStamp(_ids[(2 * Capacity) + at]).Partition == stamp.Partition)
            {
                return false;
            }
        }

        Remember(id, stamp.Partition, stamp.Time, Math.Max(stamp.Time, NewestOf(stamp.Partition)), own: -1, long.MaxValue);
        return id != UInt128.Zero;
    }

    private int Capacity => _ids.Length / WordsAnId;

    // Two events whose times are a horizon or more apart are two, whether the first is still remembered or not.
    private bool IsCopy(IdStamp stamp, long time, long horizon) => IsAlive(stamp, horizon) && Math.Abs(time - stamp.Time) < horizon;

    private bool IsAlive(IdStamp stamp, long horizon) => NewestOf(stamp.Partition) - stamp.Time < horizon;

    private long NewestOf(int partition)
    {
        var newest = Volatile.Read(ref _newest);
        for (var i = 0; i < newest.Length; i += 2)
        {
            if (newest[i] == partition)
            {
                return newest[i + 1];
            }
        }

        return long.MinValue;
    }

    // The next place of an id after one; -1 for none. Indices stay in the arrays that were captured.
    private int Next(UInt128 id, int after)
    {
        var ids = Volatile.Read(ref _ids);
        var capacity = ids.Length / WordsAnId;
        var (low, high) = ((long)(ulong)id, (long)(ulong)(id >> 64));
        if (Volatile.Read(ref _index) is { } index)
        {
            return index.Next(ids, capacity, low, high, after);
        }

        var count = Math.Min(Volatile.Read(ref _count), capacity);
        for (var from = after + 1; from < count;)
        {
            var found = ids.AsSpan(from, count - from).IndexOf(low);
            if (found < 0)
            {
                break;
            }

            if (ids[capacity + from + found] == high)
            {
                return from + found;
            }

            from += found + 1;
        }

        return -1;
    }

    private void Remember(UInt128 id, int partition, long time, long newest, int own, long horizon)
    {
        SetNewest(partition, newest);
        if (own >= 0)
        {
            // It was past the horizon.
            _ids[(2 * Capacity) + own] = new IdStamp(partition, time).Word;
            return;
        }

        if (_count == Capacity)
        {
            MakeRoom(horizon);
        }

        var (capacity, at) = (Capacity, _count);
        _ids[at] = (long)(ulong)id;
        _ids[capacity + at] = (long)(ulong)(id >> 64);
        _ids[(2 * capacity) + at] = new IdStamp(partition, time).Word;
        _count = at + 1;
        _index?.Add(_ids, at);
    }

    private void MakeRoom(long horizon)
    {
        DropExpired(horizon);
        if (_count > Capacity - Math.Max(1, Capacity / 4))
        {
            Resize(Math.Max(SmallestCapacity, (Capacity + (Capacity / 2)) & ~1));
        }

        Reindex();
    }

    private bool DropExpired(long horizon) => Keep(horizon, after: long.MinValue);

    private bool Keep(long horizon, long after)
    {
        var (capacity, kept) = (Capacity, 0);
        for (var at = 0; at < _count; at++)
        {
            if (new IdStamp(_ids[(2 * capacity) + at]) is var stamp && (!IsAlive(stamp, horizon) || stamp.Time <= after))
            {
                continue;
            }

            for (var column = 0; column < WordsAnId; column++)
            {
                _ids[(column * capacity) + kept] = _ids[(column * capacity) + at];
            }

            kept++;
        }

        var dropped = kept < _count;
        _count = kept;
        return dropped;
    }

    private void Resize(int capacity)
    {
        var ids = new long[WordsAnId * capacity];
        for (var column = 0; column < WordsAnId; column++)
        {
            _ids.AsSpan(column * Capacity, _count).CopyTo(ids.AsSpan(column * capacity));
        }

        Volatile.Write(ref _ids, ids);
    }

    private void Reindex() => Volatile.Write(ref _index, IdIndex.Of(_index, _ids, _count));

    private void SetNewest(int partition, long time)
    {
        for (var i = 0; i < _newest.Length; i += 2)
        {
            if (_newest[i] == partition)
            {
                _newest[i + 1] = time;
                return;
            }
        }

        Volatile.Write(ref _newest, [.. _newest, partition, time]);
    }
}
