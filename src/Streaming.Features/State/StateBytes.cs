using System.Buffers;
using System.Buffers.Binary;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using Streaming.Features.Layout;
using Streaming.Features.Plans;

namespace Streaming.Features.State;

/// <summary>
/// An entity's state as bytes, all little-endian (docs/state-bytes.md draws them): version, the number of applied offsets and each
/// of them, then per view its fingerprint, header words, columns and texts, the ids that are remembered, and last an XxHash3 of
/// everything before.
/// </summary>
public static class StateBytes
{
    /// <summary>The version that is written.</summary>
    public const byte Version = 3;

    // It had no ids.
    private const byte WithoutIds = 2;
    private const int ChecksumBytes = sizeof(ulong);

    /// <summary>Appends the state. For the owner.</summary>
    public static void Write(EntityState state, IBufferWriter<byte> output)
    {
        state.Settle();
        var content = new ArrayBufferWriter<byte>(1024);
        content.Write([Version]);
        StateWriter.WriteInt(content, state.Applied.Count);
        for (var i = 0; i < state.Applied.Count; i++)
        {
            var (feed, partition, offset) = state.Applied[i];
            StateWriter.WriteText(content, state.Plan.Feeds[feed].Name);
            StateWriter.WriteInt(content, partition);
            StateWriter.WriteLong(content, offset);
        }

        for (var i = 0; i < state.Views.Length; i++)
        {
            WriteView(content, state.Plan.Views[i], state.Views[i]);
        }

        SeenIdsBytes.Write(content, state);
        output.Write(content.WrittenSpan);
        StateWriter.WriteLong(output, (long)XxHash3.HashToUInt64(content.WrittenSpan));
    }

    /// <summary>The state's bytes. For the owner.</summary>
    public static byte[] ToArray(EntityState state)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        Write(state, output);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote; the state is null when there is a fault.</summary>
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

        if (content[0] is not (Version or WithoutIds))
        {
            return (null, StateFault.UnknownVersion);
        }

        var reader = new StateReader(content[1..]);
        var applied = ReadApplied(plan, ref reader);
        var views = new ViewState[plan.Views.Length];
        for (var i = 0; i < views.Length && applied is not null && !reader.Failed; i++)
        {
            if ((ulong)reader.Long() != plan.Views[i].Fingerprint)
            {
                return (null, reader.Failed ? StateFault.Truncated : StateFault.OtherLayout);
            }

            views[i] = ReadView(plan.Views[i], ref reader);
        }

        var seen = EntityState.NoIds(plan);
        var isKnown = applied is not null && (content[0] == WithoutIds ? seen is null : SeenIdsBytes.Read(plan, seen, ref reader));
        return applied is null ? (null, StateFault.OtherLayout)
            : reader.Failed ? (null, StateFault.Truncated)
            : !isKnown || !reader.AtEnd ? (null, StateFault.OtherLayout) // a view that is declared no more
            : (new EntityState(plan, views, applied, seen), StateFault.None);
    }

    private static void WriteView(ArrayBufferWriter<byte> output, ViewPlan plan, ViewState state)
    {
        StateWriter.WriteLong(output, (long)plan.Fingerprint);
        var header = state.Words.AsSpan(0, plan.HeaderWords).ToArray();
        header[SlabWords.Capacity] = header[SlabWords.Count];
        output.Write(MemoryMarshal.AsBytes(header.AsSpan()));
        for (var column = 0; column < plan.ColumnCount; column++)
        {
            output.Write(MemoryMarshal.AsBytes(state.Column(plan, column)));
        }

        StateWriter.WriteInt(output, state.Texts?.Count ?? 0);
        for (var code = 0; code < (state.Texts?.Count ?? 0); code++)
        {
            StateWriter.WriteText(output, state.Texts![code]);
        }

        if (plan.HasCorrections)
        {
            StateWriter.WriteInt(output, state.Superseded?.Count ?? 0);
            foreach (var row in state.Superseded?.Rows ?? [])
            {
                output.Write(MemoryMarshal.AsBytes(row.AsSpan()));
            }
        }
    }

    private static ViewState ReadView(ViewPlan plan, ref StateReader reader)
    {
        var header = reader.Words(plan.HeaderWords);
        var count = header.Length == 0 ? 0 : header[SlabWords.Count];
        if (reader.Failed || count < 0 || count > reader.Remaining / (sizeof(long) * plan.ColumnCount))
        {
            reader.Fail();
            return new ViewState(plan);
        }

        var columns = reader.Words(plan.ColumnCount * (int)count);
        var texts = new string[reader.Count()];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = reader.Text();
        }

        var superseded = plan.HasCorrections ? ReadSuperseded(plan, ref reader) : null;
        if (!reader.Failed && ViewState.TryRestore(plan, header, columns, texts, superseded) is { } state)
        {
            return state;
        }

        reader.Fail();
        return new ViewState(plan);
    }

    // In their one order, or no state has them.
    private static SupersededEvents? ReadSuperseded(ViewPlan plan, ref StateReader reader)
    {
        var count = reader.Int();
        if (count <= 0 || count > reader.Remaining / (sizeof(long) * plan.ColumnCount))
        {
            Fail(ref reader, count != 0);
            return null;
        }

        var superseded = new SupersededEvents();
        var last = (Time: long.MinValue, Order: long.MinValue);
        for (var i = 0; i < count; i++)
        {
            var row = reader.Words(plan.ColumnCount);
            Fail(ref reader, (row[0], row[1]).CompareTo(last) <= 0);
            last = (row[0], row[1]);
            superseded.Restore(row);
        }

        return superseded;
    }

    private static void Fail(ref StateReader reader, bool isWrong)
    {
        if (isWrong)
        {
            reader.Fail();
        }
    }

    private static AppliedOffsets? ReadApplied(EntityPlan plan, ref StateReader reader)
    {
        var applied = new AppliedOffsets();
        var count = reader.Count();
        for (var i = 0; i < count && !reader.Failed; i++)
        {
            var name = reader.Text();
            var (partition, offset) = (reader.Int(), reader.Long());
            var feed = plan.Feeds.FirstOrDefault(f => f.Name == name);
            if (feed is null && !reader.Failed)
            {
                return null;
            }

            applied.Set(feed?.Index ?? 0, partition, offset);
        }

        return applied;
    }
}
