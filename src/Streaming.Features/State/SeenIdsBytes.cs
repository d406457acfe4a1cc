using System.Buffers;
using Streaming.Features.Plans;

namespace Streaming.Features.State;

/// <summary>The part of state bytes that holds ids: per feed that declares duplicates its ids in their one order.</summary>
internal static class SeenIdsBytes
{
    private const int HashBytes = 2 * sizeof(long);

    /// <summary>Appends the ids of an entity.</summary>
    public static void Write(ref StateWriter writer, EntityState state)
    {
        for (var feed = 0; feed < state.Seen.Length; feed++)
        {
            if (state.Plan.Feeds[feed].Duplicates is not { } rule)
            {
                continue;
            }

            if (state.Seen[feed] is not { } seen)
            {
                writer.Varint(0);
                continue;
            }

            var ids = ArrayPool<(IdStamp Stamp, UInt128 Id)>.Shared.Rent(seen.Count);
            Write(ref writer, ids.AsSpan(0, seen.CopySorted(rule.HorizonMillis, ids)));
            ArrayPool<(IdStamp Stamp, UInt128 Id)>.Shared.Return(ids);
        }
    }

    /// <summary>Takes the ids of an entity.</summary>
    public static void Read(EntityPlan plan, SeenIds?[]? seen, ref StateReader reader)
    {
        for (var feed = 0; feed < seen?.Length && !reader.Failed; feed++)
        {
            if (plan.Feeds[feed].Duplicates is { } rule)
            {
                seen[feed] = Read(rule, reader.PackedCount(HashBytes), isPacked: true, ref reader);
            }
        }
    }

    /// <summary>Takes the ids of a feed: in their order and within the horizon, or no state has them.</summary>
    public static SeenIds Read(DuplicateRule rule, int count, bool isPacked, ref StateReader reader)
    {
        var ids = new SeenIds();
        if (reader.Failed || count > reader.Remaining / HashBytes)
        {
            reader.Fail();
            return ids;
        }

        var last = (Stamp: new IdStamp(0), Id: UInt128.Zero);
        for (var i = 0; i < count; i++)
        {
            var stamp = isPacked ? last.Stamp.Word + (long)reader.Varint() : reader.Long();
            var next = (Stamp: new IdStamp(stamp), Id: (UInt128)(ulong)reader.Long() | ((UInt128)(ulong)reader.Long() << 64));
            if (next.CompareTo(last) <= 0 || !ids.TryRestore(next.Stamp, next.Id))
            {
                reader.Fail();
                return ids;
            }

            last = next;
        }

        if (ids.CountAlive(rule.HorizonMillis) != count)
        {
            reader.Fail();
        }

        return ids;
    }

    private static void Write(ref StateWriter writer, ReadOnlySpan<(IdStamp Stamp, UInt128 Id)> ids)
    {
        writer.Varint((ulong)ids.Length);
        var before = 0L;
        foreach (var (stamp, id) in ids)
        {
            writer.Varint((ulong)(stamp.Word - before));
            writer.Long((long)(ulong)id);
            writer.Long((long)(ulong)(id >> 64));
            before = stamp.Word;
        }
    }
}
