using Streaming.Features.Layout;
using Streaming.Features.State;

namespace Streaming.Features.Tests.State;

/// <summary>Every column that there can be comes back as it was; those that are usual are short.</summary>
public class PackedWordsSpec
{
    private static readonly long s_null = InputColumn.AbsentNumber;

    private delegate void Write(ref StateWriter writer, ReadOnlySpan<long> words);

    private delegate void Read(ref StateReader reader, Span<long> words);

    [Theory]
    [InlineData(1.0, 2)]
    [InlineData(-3.0, 2)]
    [InlineData(0.29, 2)]
    [InlineData(12.34, 3)]
    [InlineData(99_999.99, 5)]
    [InlineData(0.1 + 0.2, 10)]
    [InlineData(1e300, 10)]
    [InlineData(-0.0, 10)]
    [InlineData(double.NegativeInfinity, 10)]
    [InlineData(double.NaN, 2)]
    [InlineData(double.Epsilon, 10)]
    [InlineData(9_007_199_254_740_991.0, 9)]
    [InlineData(9_007_199_254_740_992.0, 10)]
    public void A_number_comes_back_to_the_bit(double number, int bytes)
    {
        var word = BitConverter.DoubleToInt64Bits(number);
        Assert.Equal(bytes, RoundTrip([word], PackedWords.WriteNumbers, PackedWords.ReadNumbers));
        RoundTrip([word, s_null, BitConverter.DoubleToInt64Bits(0.07)], PackedWords.WriteNumbers, PackedWords.ReadNumbers);
    }

    [Fact]
    public void Another_nan_is_not_taken_for_null() =>
        RoundTrip([s_null ^ 1, s_null, s_null ^ 1], PackedWords.WriteNumbers, PackedWords.ReadNumbers);

    [Fact]
    public void Columns_that_are_usual_are_short()
    {
        var same = Enumerable.Repeat(BitConverter.DoubleToInt64Bits(1), 100).ToArray();
        Assert.Equal(2, RoundTrip(same, PackedWords.WriteNumbers, PackedWords.ReadNumbers));
        Assert.Equal(101, RoundTrip([.. same[1..], s_null], PackedWords.WriteNumbers, PackedWords.ReadNumbers));
        Assert.Equal(9 + 98, RoundTrip(Enumerable.Repeat(7L, 99).ToArray(), PackedWords.WriteHashes, PackedWords.ReadHashes));
        var times = Enumerable.Range(0, 100).Select(i => Kit.RandomStream.Start + (i * 3_600_000L)).ToArray();
        Assert.Equal(1 + 1 + (2 * 99), RoundTripTimes(times, times[^1]));
        var places = Enumerable.Range(0, 100).Select(i => (3L << 48) | (1_000_000L + (i * 50))).ToArray();
        Assert.Equal(1 + 1 + 3 + 99, RoundTrip(places, PackedWords.WriteOrder, PackedWords.ReadOrder));
    }

    [Fact]
    public void Any_words_come_back()
    {
        const int seed = 5;
        var random = new Random(seed);
        for (var round = 0; round < 2_000; round++)
        {
            var words = new long[random.Next(1, 300)];
            for (var i = 0; i < words.Length; i++)
            {
                words[i] = Any(random);
            }

            RoundTrip(words, PackedWords.WriteNumbers, PackedWords.ReadNumbers);
            RoundTrip(words, PackedWords.WriteHashes, PackedWords.ReadHashes);
            RoundTrip(words, PackedWords.WriteOrder, PackedWords.ReadOrder);
            RoundTrip(words, WriteWords, ReadWords);
            RoundTrip(Array.ConvertAll(words, word => (word & int.MaxValue) - 1), PackedWords.WriteCodes, PackedWords.ReadCodes);
            var times = words.Select(word => word % (1L << 50)).Order().ToArray();
            RoundTripTimes(times, times[^1]);
            RoundTripTimes(Array.ConvertAll(times, time => time * 1_000), (times[^1] * 1_000) + 3_000);
            RoundTrip(words, (ref StateWriter w, ReadOnlySpan<long> known) => PackedWords.WriteKnown(ref w, known, times), (ref StateReader r, Span<long> known) => PackedWords.ReadKnown(ref r, known, times));
        }
    }

    [Fact]
    public void A_hash_is_never_taken_from_before_the_first()
    {
        var reader = new StateReader([1, 0, 0, 0, 0, 0, 0, 0, 0]);
        PackedWords.ReadHashes(ref reader, new long[1]);
        Assert.True(reader.Failed);
    }

    [Fact]
    public void Numbers_without_end_are_refused()
    {
        var reader = new StateReader([0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00]);
        reader.Varint();
        Assert.True(reader.Failed);
    }

    private static long Any(Random random) => random.Next(8) switch
    {
        0 => s_null,
        1 => BitConverter.DoubleToInt64Bits(random.Next(-100_000, 100_000) / 100.0),
        2 => BitConverter.DoubleToInt64Bits(random.Next(3)),
        3 => random.NextInt64(long.MinValue, long.MaxValue),
        4 => BitConverter.DoubleToInt64Bits(random.NextDouble() * 1e6),
        5 => random.Next(10),
        6 => long.MinValue,
        _ => -random.Next(10),
    };

    private static void WriteWords(ref StateWriter writer, ReadOnlySpan<long> words)
    {
        foreach (var word in words)
        {
            writer.Word(word);
        }
    }

    private static void ReadWords(ref StateReader reader, Span<long> words)
    {
        foreach (ref var word in words)
        {
            word = reader.Word();
        }
    }

    private static int RoundTripTimes(long[] times, long newest) => RoundTrip(
        times,
        (ref StateWriter writer, ReadOnlySpan<long> words) => PackedWords.WriteTimes(ref writer, words, newest),
        (ref StateReader reader, Span<long> words) => PackedWords.ReadTimes(ref reader, words, newest));

    private static int RoundTrip(long[] words, Write write, Read read)
    {
        var writer = new StateWriter();
        write(ref writer, words);
        var bytes = writer.Written.ToArray();
        writer.Dispose();
        var reader = new StateReader(bytes);
        var again = new long[words.Length];
        read(ref reader, again);
        Assert.Equal(words, again);
        Assert.True(reader.AtEnd && !reader.Failed);
        return bytes.Length;
    }
}
