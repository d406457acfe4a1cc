using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using Streaming.Features.Tests.Kit;

namespace Streaming.Features.Tests.State;

/// <summary>A second reader of version 4, written from docs/state-bytes.md alone: what it finds is what went into the golden bytes.</summary>
public sealed class PackedBytesPageSpec : IDisposable
{
    private const long Start = RandomStream.Start;
    private const long Newest = Start + (2 * Views.Day);
    private const long Evicted = Start - (60 * Views.Day);
    private const double Null = double.NaN;

    private static readonly long[] s_times = [Start, Start + Views.Hour, Start + Views.Hour, Newest];

    private BinaryReader _bytes = new(new MemoryStream());

    public void Dispose() => _bytes.Dispose();

    [Fact]
    public void Every_value_of_the_golden_bytes_is_where_the_page_says()
    {
        _bytes = new(new MemoryStream(StateBytesPageSpec.Content(4)));
        Assert.Equal(4, _bytes.ReadByte());
        var (activity, mixed) = (StateBytesPageSpec.CardActivity, StateBytesPageSpec.Mixed);
        Assert.Equal(Hash([activity, mixed, StateBytesPageSpec.Ids], 0), _bytes.ReadUInt64());
        Assert.Equal(2UL, Varint());
        Assert.Equal((0UL, 0UL, 9L), (Varint(), Varint(), Signed()));
        Assert.Equal((0UL, 3UL, 42L), (Varint(), Varint(), Signed()));
        ReadCardActivity();
        ReadMixed();
        ReadIds();
        Assert.Equal(Hash(HeaderOfMixed(), Hash(HeaderOfCardActivity(), 0)), _bytes.ReadUInt64());
        Assert.Equal(_bytes.BaseStream.Length, _bytes.BaseStream.Position);
    }

    private void ReadCardActivity()
    {
        Assert.Equal(4UL, Varint());
        Assert.Equal([1, Evicted, Newest], new[] { Word(), Word(), Word() });
        Assert.Equal(s_times, Times());
        Assert.Equal([12.5, -0.1, Null, 1e9], Numbers());
    }

    private void ReadMixed()
    {
        Assert.Equal(4UL, Varint());
        Assert.Equal([1, Evicted, Newest], new[] { Word(), Word(), Word() });
        Assert.Equal([1, Evicted, 1, BitConverter.DoubleToInt64Bits(99)], new[] { Word(), Word(), Word(), Word() });
        Assert.Equal(s_times, Times());
        Assert.Equal([(3L << 48) | 40, 7, (3L << 48) | 41, (3L << 48) | 42], Places());
        Assert.Equal([12.5, Null, -0.1, Null], Numbers());
        Assert.Equal([12.5, Null, -0.1, 1e9], Numbers());
        Assert.Equal([0, -1, 1, 2], Enumerable.Range(0, 4).Select(_ => (long)Varint() - 1));
        Assert.Equal([StateBytesPageSpec.Hash("5411"), 0, StateBytesPageSpec.Hash("ätsch"), StateBytesPageSpec.Hash("")], Hashes());
        Assert.Equal(3UL, Varint());
        Assert.Equal(["5411", "ätsch", ""], new[] { Text(), Text(), Text() });
    }

    private void ReadIds()
    {
        Assert.Equal(4UL, Varint());
        var stamp = 0UL;
        foreach (var id in StateBytesPageSpec.GoldenIds)
        {
            stamp += Varint();
            Assert.Equal(id, (stamp, _bytes.ReadUInt64(), _bytes.ReadUInt64()));
        }
    }

    // From word 3 on: what the content leaves out, too.
    private static long[] HeaderOfCardActivity() =>
    [
        Newest, 1, Evicted, Newest, 3, 4, 0, 4, 0, 4, .. Sum(1e9m, 1), .. Sum(1_000_000_012.4m, 3), .. Sum(1_000_000_012.4m, 3),
    ];

    private static long[] HeaderOfMixed() =>
        [Newest, 1, Evicted, Newest, .. new long[17], 1, Evicted, 1, BitConverter.DoubleToInt64Bits(99), 0, 0];

    // The exact sum of the doubles, in units of 2^-160: that of -0.1 is not a tenth.
    private static long[] Sum(decimal sum, long count)
    {
        var exact = sum == 1e9m ? Units(1e9) : Units(1e9) + Units(12.5) + Units(-0.1);
        Span<byte> bytes = stackalloc byte[32];
        exact.TryWriteBytes(bytes, out var written);
        bytes[written..].Clear();
        return [.. MemoryMarshal.Cast<byte, long>(bytes), count];
    }

    private static System.Numerics.BigInteger Units(double value) => new System.Numerics.BigInteger(value * Math.Pow(2, 100)) << 60;

    private static ulong Hash<T>(T[] words, ulong seed)
        where T : unmanaged => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(words.AsSpan()), (long)seed);

    private long[] Times()
    {
        var unit = _bytes.ReadByte() == 1 ? 1_000 : 1;
        var times = new long[4];
        var next = Newest;
        for (var i = 3; i >= 0; i--)
        {
            next = times[i] = next - ((long)Varint() * unit);
        }

        return times;
    }

    private long[] Places()
    {
        Assert.Equal(0, _bytes.ReadByte());
        var partitions = Enumerable.Range(0, 4).Select(_ => Varint()).ToArray();
        var offset = 0L;
        return Array.ConvertAll(partitions, partition => ((long)partition << 48) | (offset += Signed()));
    }

    private double[] Numbers()
    {
        var form = _bytes.ReadByte();
        Assert.Equal(2, form);
        return [.. Enumerable.Range(0, 4).Select(_ => Varint() switch
        {
            0 => _bytes.ReadDouble(),
            1 => Null,
            var code => Unzigzag(code - 2) / 100.0,
        })];
    }

    private long[] Hashes()
    {
        var hashes = new List<long>();
        for (var i = 0; i < 4; i++)
        {
            int back = _bytes.ReadByte();
            hashes.Add(back == 0 ? _bytes.ReadInt64() : hashes[i - back]);
        }

        return [.. hashes];
    }

    private long Word() => Varint() switch
    {
        0 => _bytes.ReadInt64(),
        1 => long.MinValue,
        var code => Unzigzag(code - 2),
    };

    private string Text() => Encoding.UTF8.GetString(_bytes.ReadBytes((int)Varint()));

    private long Signed() => Unzigzag(Varint());

    private ulong Varint() => (ulong)_bytes.Read7BitEncodedInt64();

    private static long Unzigzag(ulong code) => code % 2 == 0 ? (long)(code / 2) : -(long)(code / 2) - 1;
}
