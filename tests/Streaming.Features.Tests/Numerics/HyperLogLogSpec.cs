using System.Buffers.Binary;
using System.IO.Hashing;
using Streaming.Features.Numerics;

namespace Streaming.Features.Tests.Numerics;

public class HyperLogLogSpec
{
    // The standard error is 1.04 / sqrt(4096) = 1.63 %; five of them are not met by chance.
    private const double Bound = 5 * 0.0163;

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(100)]
    [InlineData(1_025)]
    [InlineData(4_096)]
    [InlineData(10_000)]
    [InlineData(100_000)]
    [InlineData(1_000_000)]
    public void The_estimate_is_within_five_standard_errors(int different)
    {
        var estimate = HyperLogLog.Estimate(Sketch(0, different));
        Assert.InRange(estimate, different * (1 - Bound), different * (1 + Bound));
    }

    [Fact]
    public void Its_error_over_many_sketches_is_the_standard_error()
    {
        const int sketches = 60;
        const int different = 20_000;
        var squares = Enumerable.Range(0, sketches).Sum(i => Math.Pow((HyperLogLog.Estimate(Sketch(i * different, different)) / different) - 1, 2));
        Assert.InRange(Math.Sqrt(squares / sketches), 0.010, 0.0225);
    }

    [Fact]
    public void Nothing_noted_is_estimated_as_nothing() => Assert.Equal(0, HyperLogLog.Estimate(new byte[HyperLogLog.Registers]));

    [Fact]
    public void Noting_again_changes_nothing()
    {
        var once = Sketch(0, 5_000);
        var twice = Sketch(0, 5_000);
        Note(twice, 0, 5_000);
        Assert.Equal(once, twice);
    }

    [Fact]
    public void Merging_is_the_sketch_of_the_union()
    {
        var merged = Sketch(0, 30_000);
        HyperLogLog.Merge(merged, Sketch(20_000, 30_000));
        Assert.Equal(Sketch(0, 50_000), merged);
    }

    [Fact]
    public void Every_rank_has_a_place()
    {
        var registers = new byte[HyperLogLog.Registers];
        for (var zeros = 0; zeros <= 64; zeros++)
        {
            HyperLogLog.Add(registers, zeros == 64 ? 0 : ulong.MaxValue >> zeros);
        }

        Assert.True(double.IsFinite(HyperLogLog.Estimate(registers)));
    }

    private static byte[] Sketch(int from, int count)
    {
        var registers = new byte[HyperLogLog.Registers];
        Note(registers, from, count);
        return registers;
    }

    // As InputColumn hashes numbers.
    private static void Note(byte[] registers, int from, int count)
    {
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        for (var i = from; i < from + count; i++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(bytes, i);
            HyperLogLog.Add(registers, XxHash3.HashToUInt64(bytes) | 1);
        }
    }
}
