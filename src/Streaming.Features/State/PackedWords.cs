// Hot: every column of every snapshot.
using Streaming.Features.Layout;

namespace Streaming.Features.State;

/// <summary>
/// How the columns of a view are packed in state bytes (docs/state-bytes.md). Each way is exact for every word there is, short for those
/// that are usual, and the only one for its words: equal columns have equal bytes.
/// </summary>
internal static class PackedWords
{
    /// <summary>Codes of a word: 8 bytes follow; the lowest number, which stands for none; small numbers from here on.</summary>
    public const byte Raw = 0;
    public const byte None = 1;
    public const byte FirstSmall = 2;

    /// <summary>Above it the 8 bytes as they are take no more.</summary>
    public const ulong SmallBelow = 1UL << 55;

    private const byte IsConstant = 1;
    private const byte IsInHundredths = 2;
    private const long Second = 1_000;
    private const int OffsetBits = 48;
    private const long OffsetMask = (1L << OffsetBits) - 1;
    private const int HashesBack = 127;

    // Beyond it a double is not every whole number.
    private const double WholeBelow = 1L << 53;

    /// <summary>Times, from the newest back: how much earlier each is than the one after it, in seconds where all are.</summary>
    public static void WriteTimes(ref StateWriter writer, ReadOnlySpan<long> times, long newest)
    {
        var unit = Second;
        for (var (i, next) = (times.Length - 1, newest); i >= 0 && unit > 1; next = times[i--])
        {
            unit = (next - times[i]) % Second == 0 ? Second : 1;
        }

        writer.Byte(unit == 1 ? (byte)0 : (byte)1);
        for (var (i, next) = (times.Length - 1, newest); i >= 0; next = times[i--])
        {
            writer.Varint((ulong)(next - times[i]) / (ulong)unit);
        }
    }

    public static void ReadTimes(ref StateReader reader, Span<long> times, long newest)
    {
        var unit = reader.Byte() == 0 ? 1 : Second;
        for (var (i, next) = (times.Length - 1, newest); i >= 0; next = times[i--])
        {
            times[i] = next - ((long)reader.Varint() * unit);
        }
    }

    /// <summary>Places in the log: the partition once where it is the same, and how far each offset is from the one before.</summary>
    public static void WriteOrder(ref StateWriter writer, ReadOnlySpan<long> places)
    {
        var isConstant = true;
        foreach (var place in places)
        {
            isConstant &= place >> OffsetBits == places[0] >> OffsetBits;
        }

        writer.Byte(isConstant ? IsConstant : (byte)0);
        foreach (var place in isConstant ? places[..1] : places)
        {
            writer.Varint((ulong)place >> OffsetBits);
        }

        var before = 0L;
        foreach (var place in places)
        {
            writer.Signed((place & OffsetMask) - before);
            before = place & OffsetMask;
        }
    }

    public static void ReadOrder(ref StateReader reader, Span<long> places)
    {
        var isConstant = reader.Byte() == IsConstant;
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = isConstant && i > 0 ? places[0] : (long)(reader.Varint() << OffsetBits);
        }

        var offset = 0L;
        foreach (ref var place in places)
        {
            offset = (offset + reader.Signed()) & OffsetMask;
            place |= offset;
        }
    }

    /// <summary>When events became known: how long after they happened, against that of the one before.</summary>
    public static void WriteKnown(ref StateWriter writer, ReadOnlySpan<long> known, ReadOnlySpan<long> times)
    {
        var before = 0L;
        for (var i = 0; i < known.Length; i++)
        {
            var after = known[i] - times[i];
            writer.Signed(after - before);
            before = after;
        }
    }

    public static void ReadKnown(ref StateReader reader, Span<long> known, ReadOnlySpan<long> times)
    {
        var after = 0L;
        for (var i = 0; i < known.Length; i++)
        {
            after += reader.Signed();
            known[i] = times[i] + after;
        }
    }

    /// <summary>Doubles: once where all are the same, as whole numbers or as hundredths where that is what they are.</summary>
    public static void WriteNumbers(ref StateWriter writer, ReadOnlySpan<long> words)
    {
        var isConstant = words.IndexOfAnyExcept(words[0]) < 0;
        words = isConstant ? words[..1] : words;
        var unit = AreWhole(words) ? 1 : 100;
        writer.Byte((byte)((isConstant ? IsConstant : 0) | (unit == 1 ? 0 : IsInHundredths)));
        foreach (var word in words)
        {
            if (word == InputColumn.AbsentNumber)
            {
                writer.Byte(None);
            }
            else if (IsIn(unit, word, out var count))
            {
                writer.Varint(StateWriter.Zigzag(count) + FirstSmall);
            }
            else
            {
                writer.Byte(Raw);
                writer.Long(word);
            }
        }
    }

    public static void ReadNumbers(ref StateReader reader, Span<long> words)
    {
        var form = reader.Byte();
        var unit = (form & IsInHundredths) == 0 ? 1 : 100;
        for (var i = 0; i < words.Length; i++)
        {
            words[i] = (form & IsConstant) != 0 && i > 0 ? words[0] : reader.Varint() switch
            {
                Raw => reader.Long(),
                None => InputColumn.AbsentNumber,
                var count => BitConverter.DoubleToInt64Bits(StateReader.Unzigzag(count - FirstSmall) / (double)unit),
            };
        }
    }

    /// <summary>Hashes: how far back the same one is, or 0 and the hash.</summary>
    public static void WriteHashes(ref StateWriter writer, ReadOnlySpan<long> hashes)
    {
        for (var i = 0; i < hashes.Length; i++)
        {
            var back = Math.Min(i, HashesBack);
            var found = hashes.Slice(i - back, back).LastIndexOf(hashes[i]);
            writer.Byte(found < 0 ? (byte)0 : (byte)(back - found));
            if (found < 0)
            {
                writer.Long(hashes[i]);
            }
        }
    }

    public static void ReadHashes(ref StateReader reader, Span<long> hashes)
    {
        for (var i = 0; i < hashes.Length; i++)
        {
            int back = reader.Byte();
            if (back > i)
            {
                reader.Fail();
                return;
            }

            hashes[i] = back == 0 ? reader.Long() : hashes[i - back];
        }
    }

    /// <summary>Codes of texts; -1 is null.</summary>
    public static void WriteCodes(ref StateWriter writer, ReadOnlySpan<long> codes)
    {
        foreach (var code in codes)
        {
            writer.Varint((ulong)(code + 1));
        }
    }

    public static void ReadCodes(ref StateReader reader, Span<long> codes)
    {
        foreach (ref var code in codes)
        {
            code = reader.PackedInt() - 1L;
        }
    }

    /// <summary>Words that have no pattern.</summary>
    public static void WriteRaw(ref StateWriter writer, ReadOnlySpan<long> words)
    {
        foreach (var word in words)
        {
            writer.Long(word);
        }
    }

    public static void ReadRaw(ref StateReader reader, Span<long> words)
    {
        foreach (ref var word in words)
        {
            word = reader.Long();
        }
    }

    private static bool AreWhole(ReadOnlySpan<long> words)
    {
        foreach (var word in words)
        {
            if (word != InputColumn.AbsentNumber && !IsIn(1, word, out _))
            {
                return false;
            }
        }

        return true;
    }

    // Exact: dividing gives these very bits again. The division is rounded once, so hundredths are the doubles that 0.01, 0.02 ... are.
    private static bool IsIn(int unit, long word, out long count)
    {
        var units = BitConverter.Int64BitsToDouble(word) * unit;
        count = Math.Abs(units) < WholeBelow ? (long)Math.Round(units) : 0;
        return Math.Abs(units) < WholeBelow && BitConverter.DoubleToInt64Bits(count / (double)unit) == word;
    }

}
