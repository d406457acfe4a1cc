using System.IO.Hashing;
using System.Runtime.InteropServices;
using Streaming.Features.Layout;
using Streaming.Features.Plans;

namespace Streaming.Features.State;

/// <summary>
/// A view's state in state bytes: the words that do not follow from its events, then the events. Cursors and windows' totals are computed
/// when it is read; <see cref="Digest"/> tells whether they are those that were there.
/// </summary>
internal static class PackedView
{
    public static void Write(ref StateWriter writer, ViewPlan plan, ViewState state)
    {
        writer.Varint((ulong)state.Count);
        foreach (var word in plan.StoredWords)
        {
            writer.Word(state.Words[word]);
        }

        if (state.Count > 0)
        {
            WriteColumns(ref writer, plan, state);
        }

        if (plan.HasTexts)
        {
            writer.Varint((ulong)state.Texts!.Count);
            for (var code = 0; code < state.Texts.Count; code++)
            {
                writer.Text(state.Texts[code]);
            }
        }

        if (plan.HasCorrections)
        {
            writer.Varint((ulong)(state.Superseded?.Count ?? 0));
            for (var i = 0; i < state.Superseded?.Count; i++)
            {
                PackedWords.WriteRaw(ref writer, state.Superseded.Rows[i]);
            }
        }
    }

    /// <summary>Takes a view's state; a state of nothing where the reader failed.</summary>
    public static ViewState Read(ref StateReader reader, ViewPlan plan)
    {
        var count = reader.PackedCount();
        var slab = new long[plan.HeaderWords + (plan.ColumnCount * count)];
        (slab[SlabWords.Count], slab[SlabWords.Capacity]) = (count, count);
        var stored = new long[plan.StoredWords.Length];
        for (var i = 0; i < stored.Length; i++)
        {
            stored[i] = reader.Word();
            slab[SlabWords.Newest] = plan.StoredWords[i] == SlabWords.Newest ? stored[i] : slab[SlabWords.Newest];
        }

        if (count > 0)
        {
            ReadColumns(ref reader, plan, slab, count);
        }

        var texts = new string[plan.HasTexts ? reader.PackedCount() : 0];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = reader.PackedText();
        }

        var superseded = plan.HasCorrections
            ? SupersededEvents.Read(ref reader, reader.PackedCount(sizeof(long) * plan.ColumnCount), plan.ColumnCount)
            : null;
        if (!reader.Failed && ViewState.TryUnpack(plan, slab, stored, texts, superseded) is { } state)
        {
            return state;
        }

        reader.Fail();
        return new ViewState(plan);
    }

    /// <summary>Changes with every word of a view's header that its content leaves out, and with those of the views before.</summary>
    public static ulong Digest(ulong before, ViewPlan plan, ViewState state) =>
        XxHash3.HashToUInt64(MemoryMarshal.AsBytes(state.Words.AsSpan()[SlabWords.CursorAt..plan.HeaderWords]), (long)before);

    private static void WriteColumns(ref StateWriter writer, ViewPlan plan, ViewState state)
    {
        var times = state.Column(plan, 0);
        PackedWords.WriteTimes(ref writer, times, state.Newest);
        if (plan.IsOrdered)
        {
            PackedWords.WriteOrder(ref writer, state.Column(plan, 1));
        }

        if (plan.KnownWord >= 0)
        {
            PackedWords.WriteKnown(ref writer, state.Column(plan, plan.KnownColumn), times);
        }

        for (var column = plan.KnownColumn + 1; column < plan.FirstInput; column++)
        {
            PackedWords.WriteRaw(ref writer, state.Column(plan, column));
        }

        for (var input = 0; input < plan.Columns.Length; input++)
        {
            var words = state.Column(plan, plan.FirstInput + input);
            switch (plan.Columns[input].Kind)
            {
                case InputKind.Number:
                    PackedWords.WriteNumbers(ref writer, words);
                    break;
                case InputKind.Hash:
                    PackedWords.WriteHashes(ref writer, words);
                    break;
                default:
                    PackedWords.WriteCodes(ref writer, words);
                    break;
            }
        }
    }

    private static void ReadColumns(ref StateReader reader, ViewPlan plan, long[] slab, int count)
    {
        Span<long> Column(int column) => slab.AsSpan(plan.HeaderWords + (column * count), count);

        PackedWords.ReadTimes(ref reader, Column(0), slab[SlabWords.Newest]);
        if (plan.IsOrdered)
        {
            PackedWords.ReadOrder(ref reader, Column(1));
        }

        if (plan.KnownWord >= 0)
        {
            PackedWords.ReadKnown(ref reader, Column(plan.KnownColumn), Column(0));
        }

        for (var column = plan.KnownColumn + 1; column < plan.FirstInput; column++)
        {
            PackedWords.ReadRaw(ref reader, Column(column));
        }

        for (var input = 0; input < plan.Columns.Length; input++)
        {
            var words = Column(plan.FirstInput + input);
            switch (plan.Columns[input].Kind)
            {
                case InputKind.Number:
                    PackedWords.ReadNumbers(ref reader, words);
                    break;
                case InputKind.Hash:
                    PackedWords.ReadHashes(ref reader, words);
                    break;
                default:
                    PackedWords.ReadCodes(ref reader, words);
                    break;
            }
        }
    }
}
