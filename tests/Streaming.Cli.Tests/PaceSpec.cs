using Microsoft.Extensions.Time.Testing;
using Streaming.Offline.Histories;

namespace Streaming.Cli.Tests;

public sealed class PaceSpec
{
    [Fact]
    public async Task An_event_is_due_when_its_time_over_the_speed_has_passed()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        var pace = new Pace(100, clock);
        long[] times = [5_000, 5_000, 5_900, 7_000, 25_000];

        // The first event is due at once, and with it all of its own millisecond.
        Assert.Equal(2, await pace.DueAsync(times, 0, CancellationToken.None));
        clock.Advance(TimeSpan.FromMilliseconds(9));
        Assert.Equal(3, await pace.DueAsync(times, 2, CancellationToken.None));

        var waiting = pace.DueAsync(times, 3, CancellationToken.None);
        Assert.False(waiting.IsCompleted);
        clock.Advance(TimeSpan.FromMilliseconds(11));
        Assert.Equal(4, await waiting.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Waiting_ends_when_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var pace = new Pace(1, new FakeTimeProvider(DateTimeOffset.UnixEpoch));
        Assert.Equal(1, await pace.DueAsync(new long[] { 0, 3_600_000 }, 0, cancellation.Token));
        var waiting = pace.DueAsync(new long[] { 0, 3_600_000 }, 1, cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
    }
}
