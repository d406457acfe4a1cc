using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using Streaming.Features.Plans;

namespace Streaming.Features.State;

/// <summary>
/// An entity's state as bytes (docs/state-bytes.md draws them): version, layout, applied offsets, views, the ids that are remembered, a
/// digest of what follows from these, and last an XxHash3 of everything before.
/// </summary>
public static class StateBytes
{
    /// <summary>The version that is written.</summary>
    public const byte Version = 4;

    // Every word as it is; the older one had no ids.
    private const byte Plain = 3;
    private const byte PlainWithoutIds = 2;
    private const int ChecksumBytes = sizeof(ulong);

    /// <summary>Appends the state. For the owner.</summary>
    public static void Write(EntityState state, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        var writer = new StateWriter();
        Write(state, ref writer);
        output.Write(writer.Written);
        writer.Dispose();
    }

    /// <summary>The state's bytes. For the owner.</summary>
    public static byte[] ToArray(EntityState state)
    {
        var writer = new StateWriter();
        Write(state, ref writer);
        var bytes = writer.Written.ToArray();
        writer.Dispose();
        return bytes;
    }

    /// <summary>The state's bytes in an array of a pool, which takes it back when they are no longer needed. For the owner.</summary>
    public static ArraySegment<byte> Rent(EntityState state, ArrayPool<byte> pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        var writer = new StateWriter();
        Write(state, ref writer);
        var bytes = pool.Rent(writer.Written.Length);
        writer.Written.CopyTo(bytes);
        var rented = new ArraySegment<byte>(bytes, 0, writer.Written.Length);
        writer.Dispose();
        return rented;
    }

    /// <summary>Reads what <see cref="Write(EntityState, IBufferWriter{byte})"/> wrote; the state is null when there is a fault.</summary>
    public static (EntityState? State, StateFault Fault) Read(EntityPlan plan, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < 1 + ChecksumBytes)
        {
            return (null, StateFault.Truncated);
        }

        var content = bytes[..^ChecksumBytes];
        if (BinaryPrimitives.ReadUInt64LittleEndian(bytes[^ChecksumBytes..]) != XxHash3.HashToUInt64(content))
        {
            return (null, StateFault.Corrupt);
        }

        return content[0] switch
        {
            Version => ReadPacked(plan, content[1..]),
            Plain or PlainWithoutIds => ReadPlain(plan, content),
            _ => (null, StateFault.UnknownVersion),
        };
    }

    private static void Write(EntityState state, ref StateWriter writer)
    {
        state.Settle();
        writer.Byte(Version);
        writer.Long((long)state.Plan.Fingerprint);
        writer.Varint((ulong)state.Applied.Count);
        for (var i = 0; i < state.Applied.Count; i++)
        {
            var (feed, partition, offset) = state.Applied[i];
            writer.Varint((ulong)state.Plan.FeedRanks[feed]);
            writer.Varint((uint)partition);
            writer.Signed(offset);
        }

        var digest = 0UL;
        for (var i = 0; i < state.Views.Length; i++)
        {
            PackedView.Write(ref writer, state.Plan.Views[i], state.Views[i]);
            digest = PackedView.Digest(digest, state.Plan.Views[i], state.Views[i]);
        }

        SeenIdsBytes.Write(ref writer, state);
        writer.Long((long)digest);
        writer.Long((long)XxHash3.HashToUInt64(writer.Written));
    }

    private static (EntityState? State, StateFault Fault) ReadPacked(EntityPlan plan, ReadOnlySpan<byte> content)
    {
        var reader = new StateReader(content);
        if ((ulong)reader.Long() != plan.Fingerprint)
        {
            return (null, reader.Failed ? StateFault.Truncated : StateFault.OtherLayout);
        }

        var applied = ReadApplied(plan, ref reader);
        var (views, digest) = (new ViewState[plan.Views.Length], 0UL);
        for (var i = 0; i < views.Length && !reader.Failed; i++)
        {
            views[i] = PackedView.Read(ref reader, plan.Views[i]);
            digest = PackedView.Digest(digest, plan.Views[i], views[i]);
        }

        var seen = EntityState.NoIds(plan);
        SeenIdsBytes.Read(plan, seen, ref reader);
        return (ulong)reader.Long() != digest || reader.Failed || !reader.AtEnd
            ? (null, StateFault.Truncated)
            : (new EntityState(plan, views, applied, seen), StateFault.None);
    }

    private static AppliedOffsets ReadApplied(EntityPlan plan, ref StateReader reader)
    {
        var applied = new AppliedOffsets();
        var count = reader.PackedCount();
        for (var i = 0; i < count && !reader.Failed; i++)
        {
            var feed = plan.FeedRanks.IndexOf(reader.PackedInt());
            if (feed < 0)
            {
                reader.Fail();
                break;
            }

            applied.Set(feed, (int)reader.Varint(), reader.Signed());
        }

        return applied;
    }

    private static (EntityState? State, StateFault Fault) ReadPlain(EntityPlan plan, ReadOnlySpan<byte> content)
    {
        var reader = new StateReader(content[1..]);
        var applied = PlainBytes.ReadApplied(plan, ref reader);
        if (applied is null || PlainBytes.ReadViews(plan, ref reader) is not { } views)
        {
            return (null, reader.Failed ? StateFault.Truncated : StateFault.OtherLayout);
        }

        var seen = EntityState.NoIds(plan);
        var isKnown = content[0] == PlainWithoutIds ? seen is null : PlainBytes.ReadIds(plan, seen, ref reader);
        return reader.Failed ? (null, StateFault.Truncated)
            : !isKnown || !reader.AtEnd ? (null, StateFault.OtherLayout) // a view that is declared no more
            : (new EntityState(plan, views, applied, seen), StateFault.None);
    }
}
