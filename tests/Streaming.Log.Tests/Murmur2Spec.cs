using System.Text;

namespace Streaming.Log.Tests;

public sealed class Murmur2Spec
{
    /// <summary>The vectors of Kafka's own test of its Java partitioner.</summary>
    [Theory]
    [InlineData("21", -973932308)]
    [InlineData("foobar", -790332482)]
    [InlineData("a-little-bit-long-string", -985981536)]
    [InlineData("a-little-bit-longer-string", -1486304829)]
    [InlineData("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971)]
    [InlineData("abc", 479470107)]
    public void Hashes_are_those_of_Java(string key, int hash) => Assert.Equal(hash, Murmur2.Hash(Encoding.UTF8.GetBytes(key)));

    [Fact]
    public void A_partition_is_never_negative_and_every_partition_is_used()
    {
        var used = Enumerable.Range(0, 10_000).Select(i => Murmur2.Partition(Encoding.UTF8.GetBytes($"key-{i}"), 12)).ToHashSet();
        Assert.Equal(Enumerable.Range(0, 12), used.Order());
    }
}
