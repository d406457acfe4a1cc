using Streaming.Features.Events;
using Streaming.Simulation.Generators;

namespace Streaming.Simulation.Tests.Generators;

public class LiveTransactionsSpec
{
    private static readonly TransactionGenerator s_generator = new(new() { Cards = 200, Terminals = 500 });

    [Fact]
    public void The_order_is_the_generators_and_the_times_are_the_callers()
    {
        var live = new LiveTransactions(s_generator, 3);
        var expected = s_generator.Days(3, 3).SelectMany(day => Enumerable.Range(0, day.Count).Select(row => day[row])).Take(700).ToArray();
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i] with { TimeMillis = i }, live.Next(new EventTime(i)));
        }
    }

    [Fact]
    public void Taken_events_are_spread_evenly_and_end_with_the_interval()
    {
        var taken = new GeneratedTransaction[5];
        new LiveTransactions(s_generator, 0).Take(taken, new EventTime(1_000), new EventTime(2_000));
        Assert.Equal([1_200L, 1_400, 1_600, 1_800, 2_000], taken.Select(x => x.TimeMillis));
    }

    [Fact]
    public async Task At_a_rate_events_come_when_they_are_due_with_the_clocks_times()
    {
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        const double Rate = 4_000;
        var clock = TimeProvider.System;
        var started = clock.GetTimestamp();
        var from = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var times = new List<long>();
        await foreach (var batch in new LiveTransactions(s_generator, 0).AtRateAsync(Rate, clock, bound.Token))
        {
            times.AddRange(batch.ToArray().Select(x => x.TimeMillis));
            Assert.True(times.Count <= (clock.GetElapsedTime(started).TotalSeconds * Rate) + 1, "no event comes before it is due");
            if (times.Count >= 800)
            {
                break;
            }
        }

        Assert.True(clock.GetElapsedTime(started) >= TimeSpan.FromSeconds(0.19));
        Assert.True(times.Zip(times.Skip(1)).All(pair => pair.First <= pair.Second));
        Assert.InRange(times[0], from, times[^1]);
        Assert.InRange(times[^1], times[0], clock.GetUtcNow().ToUnixTimeMilliseconds());
    }

    [Fact]
    public async Task A_stream_ends_when_it_is_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (var batch in new LiveTransactions(s_generator, 0).AtRateAsync(1_000, TimeProvider.System, cancellation.Token))
            {
                Assert.False(batch.IsEmpty);
                await cancellation.CancelAsync();
            }
        });
    }
}
