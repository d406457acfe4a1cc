using System.IO.Hashing;
using System.Text;
using Streaming.Features.Tests.Kit;

namespace Streaming.Features.Tests.State;

/// <summary>A second reader of versions 2 and 3, written from docs/state-bytes.md alone: what it finds in the golden bytes is what went into them.</summary>
public sealed class StateBytesPageSpec : IDisposable
{
    private const long Start = RandomStream.Start;
    private const double Null = double.NaN;

    public static readonly ulong Ids = XxHash3.HashToUInt64("transactions.card_id@ts id event_id 604800000\n"u8);

    public static readonly ulong CardActivity = Fingerprint("""
        transactions card_id ts 28
        column Number(amount) where true
        window 86400000 delay 0 at 7 sum0@13
        window 604800000 delay 0 at 9 sum0@18
        window 2592000000 delay 0 at 11 sum0@23
        """);

    public static readonly ulong Mixed = Fingerprint("""
        transactions card_id ts ordered 30
        column Number(amount) where (other > 0)
        column Number(amount) where true
        base newest of Number(amount) where true at 24
        base min(amount) where true at 26
        column Text(mcc) where true
        column Hash(mcc) where true
        window 86400000 delay 604800000 at 7 sum0@9 squares0@14
        window 9223372036854775807 delay 604800000 at 22
        window 604800000 delay 604800000 at 28
        """);

    // Of partition 0 there is the newest event alone; that of sixty days before came after it.
    public static readonly (ulong Stamp, ulong Low, ulong High)[] GoldenIds =
        [Id(0, Start + Views.Hour, "c"), Id(3, Start, "a"), Id(3, Start + Views.Hour, "b"), Id(3, Start + (2 * Views.Day), "d")];

    private BinaryReader _bytes = new(new MemoryStream());

    public void Dispose() => _bytes.Dispose();

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Every_word_of_the_golden_bytes_is_where_the_page_says(int version)
    {
        _bytes = new(new MemoryStream(Content(version)));
        Assert.Equal(version, _bytes.ReadByte());
        Assert.Equal(2, _bytes.ReadInt32());
        Assert.Equal(("transactions.card_id@ts", 0, 9L), (Text(), _bytes.ReadInt32(), _bytes.ReadInt64()));
        Assert.Equal(("transactions.card_id@ts", 3, 42L), (Text(), _bytes.ReadInt32(), _bytes.ReadInt64()));
        ReadCardActivity();
        ReadMixed();
        if (version == 3)
        {
            ReadIds();
        }

        Assert.Equal(_bytes.BaseStream.Length, _bytes.BaseStream.Position);
    }

    // Two features of three windows; the event of sixty days ago is evicted, the newest is of two days after the start.
    private void ReadCardActivity()
    {
        Assert.Equal(CardActivity, _bytes.ReadUInt64());
        var header = Words(28);
        Assert.Equal([0, 4, 4, Start + (2 * Views.Day), 1, Start - (60 * Views.Day), Start + (2 * Views.Day)], header[..7]);
        Assert.Equal([3, 4, 0, 4, 0, 4], header[7..13]);
        Assert.Equal((1e9, 1), Sum(header[13..18]));
        Assert.Equal((1_000_000_012.4, 3), Sum(header[18..23]));
        Assert.Equal((1_000_000_012.4, 3), Sum(header[23..28]));
        Assert.Equal([Start, Start + Views.Hour, Start + Views.Hour, Start + (2 * Views.Day)], Words(4));

        // Of equal times the smaller word first: that of -0.1 against that of null.
        Assert.Equal([12.5, -0.1, Null, 1e9], Doubles(Words(4)));
        Assert.Equal(0, _bytes.ReadInt32());
    }

    private void ReadMixed()
    {
        Assert.Equal(Mixed, _bytes.ReadUInt64());
        var header = Words(30);
        Assert.Equal([0, 4, 4, Start + (2 * Views.Day), 1, Start - (60 * Views.Day), Start + (2 * Views.Day)], header[..7]);

        // Nothing that is kept is a week old: the windows and their totals are empty.
        Assert.All(header[7..24], word => Assert.Equal(0, word));
        Assert.Equal([1, Start - (60 * Views.Day)], header[24..26]);
        Assert.Equal((1, 99.0), (header[26], BitConverter.Int64BitsToDouble(header[27])));
        Assert.Equal([0, 0], header[28..30]);
        Assert.Equal([Start, Start + Views.Hour, Start + Views.Hour, Start + (2 * Views.Day)], Words(4));
        Assert.Equal([(3L << 48) | 40, 7, (3L << 48) | 41, (3L << 48) | 42], Words(4));
        Assert.Equal([12.5, Null, -0.1, Null], Doubles(Words(4)));
        Assert.Equal([12.5, Null, -0.1, 1e9], Doubles(Words(4)));
        Assert.Equal([0, -1, 1, 2], Words(4));
        Assert.Equal([Hash("5411"), 0, Hash("ätsch"), Hash("")], Words(4));
        Assert.Equal(3, _bytes.ReadInt32());
        Assert.Equal(["5411", "ätsch", ""], new[] { Text(), Text(), Text() });
    }

    private void ReadIds()
    {
        Assert.Equal(Ids, _bytes.ReadUInt64());
        Assert.Equal(GoldenIds.Length, _bytes.ReadInt32());
        Assert.Equal(GoldenIds, GoldenIds.Select(_ => (_bytes.ReadUInt64(), _bytes.ReadUInt64(), _bytes.ReadUInt64())));
    }

    private static (ulong Stamp, ulong Low, ulong High) Id(int partition, long time, string id)
    {
        var hash = XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(id));
        var since1900 = time - new DateTimeOffset(1900, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        return (((ulong)partition << 48) | (ulong)since1900, (ulong)hash, (ulong)(hash >> 64));
    }

    public static byte[] Content(int version)
    {
        var golden = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "tests", "Streaming.Features.Tests", "Golden", $"state-v{version}.bin"));
        var bytes = Convert.FromHexString(golden.ReplaceLineEndings(string.Empty));
        Assert.Equal(XxHash3.HashToUInt64(bytes.AsSpan()[..^8]), BitConverter.ToUInt64(bytes.AsSpan()[^8..]));
        return bytes[..^8];
    }

    private static ulong Fingerprint(string layout)
    {
        var page = File.ReadAllText(Path.Combine(RepositoryRoot.Path, "docs", "state-bytes.md"));
        Assert.True(!layout.Contains("ordered", StringComparison.Ordinal) || page.Contains(layout, StringComparison.Ordinal), "the page's example is another");
        return XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(layout + "\n"));
    }

    private static (double Sum, long Count) Sum(long[] total) => (Double(total[..4]), total[4]);

    // All sums here are above zero.
    private static double Double(long[] words) => words.Reverse().Aggregate(0.0, (value, word) => (value * Math.Pow(2, 64)) + (ulong)word) / Math.Pow(2, 160);

    private static double[] Doubles(long[] words) => Array.ConvertAll(words, BitConverter.Int64BitsToDouble);

    public static long Hash(string text) => (long)XxHash3.HashToUInt64(Encoding.UTF8.GetBytes(text)) | 1;

    private long[] Words(int count) => [.. Enumerable.Range(0, count).Select(_ => _bytes.ReadInt64())];

    private string Text() => Encoding.UTF8.GetString(_bytes.ReadBytes(_bytes.ReadInt32()));
}
