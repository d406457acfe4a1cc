using Streaming.Features.Numerics;

namespace Streaming.Features.Tests.Numerics;

public class ValueSetSpec
{
    private const int Bits = 12;
    private const int Seed = 1;

    public static TheoryData<string> Kinds => ["codes", "integers", "large integers", "cents", "times", "hashes", "powers", "negatives"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void It_counts_as_a_hash_set_does(string kind)
    {
        var values = Values(kind).Concat([0, -1, long.MinValue, long.MaxValue]).ToArray();
        for (var round = 0; round < 3; round++)
        {
            var set = ValueSet.Scratch(values.Length);
            var twin = new HashSet<long>();
            foreach (var value in values)
            {
                Assert.Equal(twin.Add(value), set.Add(value));
            }

            Assert.Equal(twin.Count, set.Count);
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Values_that_occur_in_life_do_not_crowd_into_few_slots(string kind)
    {
        var values = Values(kind).Distinct().Take(1 << (Bits - 1)).ToArray();
        var crowd = values.GroupBy(v => ValueSet.Slot(v, 64 - Bits)).Max(g => g.Count());
        Assert.True(crowd <= 12, $"{crowd} of {values.Length} {kind} share a slot of {1 << Bits}");
    }

    [Fact]
    public void A_small_use_after_a_large_one_starts_empty()
    {
        var large = ValueSet.Scratch(10_000);
        for (var i = 0; i < 10_000; i++)
        {
            large.Add(i);
        }

        var small = ValueSet.Scratch(3);
        Assert.Equal(0, small.Count);
        Assert.True(small.Add(5));
        Assert.False(small.Add(5));
    }

    private static long[] Values(string kind)
    {
        var random = new Random(Seed);
        return [.. Enumerable.Range(0, 3000).Select(i => kind switch
        {
            "codes" => i,
            "integers" => Bits64(512 + i),
            "large integers" => Bits64(i * 1024.0),
            "cents" => Bits64(i / 100.0),
            "times" => Bits64(1.7e12 + (i * 60_000.0)),
            "hashes" => random.NextInt64(long.MinValue, long.MaxValue) | 1,
            "powers" => Bits64(Math.Pow(2, (i % 2000) - 1000)),
            _ => Bits64(-i * 0.25),
        })];
    }

    private static long Bits64(double value) => BitConverter.DoubleToInt64Bits(value);
}
