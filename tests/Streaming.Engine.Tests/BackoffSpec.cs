using Streaming.Engine.Entities;
using Streaming.Engine.Sources;

namespace Streaming.Engine.Tests;

public sealed class BackoffSpec
{
    [Fact]
    public void Each_wait_is_twice_as_long_as_the_last_up_to_the_bound_and_short_again_after_a_success()
    {
        var settings = SourceHarness.Quick with { RetryBackoff = TimeSpan.FromSeconds(2), RetryBackoffMax = TimeSpan.FromSeconds(10) };
        var backoff = new Backoff(settings);
        Assert.Equal([2.0, 4, 8, 10, 10], Enumerable.Range(0, 5).Select(_ => backoff.Next().TotalSeconds));
        backoff.Reset();
        Assert.Equal(2, backoff.Next().TotalSeconds);
    }

    [Fact]
    public void Lack_of_memory_is_not_the_events_fault()
    {
        Assert.False(EntityActor.IsCausedByEvent(new InsufficientMemoryException()));
        Assert.True(EntityActor.IsCausedByEvent(new InvalidOperationException()));
    }
}
