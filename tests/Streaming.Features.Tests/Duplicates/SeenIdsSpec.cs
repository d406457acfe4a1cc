using Streaming.Features.State;
using Streaming.Features.Tests.Kit;

namespace Streaming.Features.Tests.Duplicates;

/// <summary>The set of ids, against one that keeps all of them for ever.</summary>
public class SeenIdsSpec
{
    private const long Horizon = 1_000;

    [Theory]
    [InlineData(20, 1)]
    [InlineData(2_000, 3)]
    public void It_equals_its_naive_twin(int different, int partitions)
    {
        for (var seed = 1; seed <= 20; seed++)
        {
            var random = new Random(seed);
            var (ids, naive) = (new SeenIds(), new NaiveDuplicates(Horizon));
            for (var i = 0; i < 4_000; i++)
            {
                var time = RandomStream.Start + (i * 10 / different) - random.Next(3) * random.Next((int)Horizon);
                var e = new Transaction(random.Next(partitions), i, time, Id: $"{random.Next(different)}");
                Assert.True(naive.IsCopy(e) == Judge(ids, e), $"seed {seed}, event {i}");
                if (random.Next(200) == 0)
                {
                    ids.Trim(Horizon);
                }
            }
        }
    }

    [Fact]
    public void A_burst_gives_its_room_back_once_it_has_expired()
    {
        var ids = new SeenIds();
        for (var i = 0; i < 100_000; i++)
        {
            Assert.False(Judge(ids, new Transaction(0, i, RandomStream.Start, Id: $"{i}")));
        }

        Assert.True(Judge(ids, new Transaction(0, 0, RandomStream.Start, Id: "99999")));
        Assert.InRange(ids.MemoryBytes, 100_000 * 24, 100_000 * 50);
        Judge(ids, new Transaction(0, 0, RandomStream.Start + Horizon, Id: "later"));
        ids.Trim(Horizon);
        Assert.Equal(1, ids.Count);
        Assert.InRange(ids.MemoryBytes, 1, 200);
        Assert.False(Judge(ids, new Transaction(0, 0, RandomStream.Start + Horizon, Id: "0")));
    }

    [Fact]
    public void A_steady_stream_allocates_nothing()
    {
        var ids = new SeenIds();
        var next = 0L;
        Run(ids, ref next, 10_000);
        Streaming.TestKit.Allocations.AssertNone(() => Run(ids, ref next, 1_000));
    }

    private static void Run(SeenIds ids, ref long next, int events)
    {
        Span<byte> id = stackalloc byte[sizeof(long)];
        for (var i = 0; i < events; i++, next++)
        {
            BitConverter.TryWriteBytes(id, next);
            if (ids.Judge(SeenIds.HashOf(id), 0, RandomStream.Start + (next * 10), Horizon))
            {
                throw new InvalidOperationException($"{next} is not new");
            }
        }
    }

    private static bool Judge(SeenIds ids, Transaction e) =>
        ids.Judge(SeenIds.HashOf(System.Text.Encoding.UTF8.GetBytes(e.Id!)), e.Partition, e.Time, Horizon);
}
