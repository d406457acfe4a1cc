using System.Buffers;
using Streaming.Features.Plans;

namespace Streaming.Features.State;

/// <summary>
/// The part of state bytes that holds ids: per feed that declares duplicates its fingerprint, and the ids in their one order.
/// </summary>
internal static class SeenIdsBytes
{
    private const int IdBytes = SeenIds.WordsAnId * sizeof(long);

    /// <summary>Appends the ids of an entity.</summary>
    public static void Write(IBufferWriter<byte> output, EntityState state)
    {
        for (var feed = 0; feed < state.Seen.Length; feed++)
        {
            if (state.Plan.Feeds[feed].Duplicates is not { } rule)
            {
                continue;
            }

            StateWriter.WriteLong(output, (long)EntityPlan.FingerprintOf(state.Plan.Feeds[feed]));
            var ids = state.Seen[feed]?.ToSorted(rule.HorizonMillis) ?? [];
            StateWriter.WriteInt(output, ids.Length);
            foreach (var (stamp, id) in ids)
            {
                StateWriter.WriteLong(output, stamp.Word);
                StateWriter.WriteLong(output, (long)(ulong)id);
                StateWriter.WriteLong(output, (long)(ulong)(id >> 64));
            }
        }
    }

    /// <summary>Takes the ids of an entity; false where they are those of other feeds.</summary>
    public static bool Read(EntityPlan plan, SeenIds?[]? seen, ref StateReader reader)
    {
        for (var feed = 0; feed < seen?.Length && !reader.Failed; feed++)
        {
            if (plan.Feeds[feed].Duplicates is not { } rule)
            {
                continue;
            }

            if ((ulong)reader.Long() != EntityPlan.FingerprintOf(plan.Feeds[feed]))
            {
                return false;
            }

            seen[feed] = Read(rule, ref reader);
        }

        return true;
    }

    // In their order and within the horizon, or no state has them.
    private static SeenIds Read(DuplicateRule rule, ref StateReader reader)
    {
        var ids = new SeenIds();
        var count = reader.Int();
        if (reader.Failed || count < 0 || count > reader.Remaining / IdBytes)
        {
            reader.Fail();
            return ids;
        }

        var last = (Stamp: new IdStamp(0), Id: UInt128.Zero);
        for (var i = 0; i < count; i++)
        {
            var next = (Stamp: new IdStamp(reader.Long()), Id: (UInt128)(ulong)reader.Long() | ((UInt128)(ulong)reader.Long() << 64));
            if (next.CompareTo(last) <= 0 || !ids.TryRestore(next.Stamp, next.Id))
            {
                reader.Fail();
                return ids;
            }

            last = next;
        }

        if (ids.ToSorted(rule.HorizonMillis).Length != count)
        {
            reader.Fail();
        }

        return ids;
    }
}
