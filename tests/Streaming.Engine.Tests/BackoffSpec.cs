using Streaming.Engine.Entities;
using Streaming.Engine.Sources;

namespace Streaming.Engine.Tests;

public sealed class BackoffSpec
{
    [Fact]
    public void Each_wait_is_twice_as_long_as_the_last_up_to_the_bound_and_short_again_after_a_success()
    {
        var backoff = new Backoff(SourceHarness.Quick with { RetryBackoff = TimeSpan.FromSeconds(2), RetryBackoffMax = TimeSpan.FromSeconds(10) });
        Assert.Equal([2.0, 4, 8, 10, 10], Enumerable.Range(0, 5).Select(_ => backoff.Next().TotalSeconds));
        backoff.Reset();
        Assert.Equal(2, backoff.Next().TotalSeconds);
    }

    [Fact]
    public void Want_of_memory_is_no_fault_of_the_event()
    {
        Assert.False(EntityActor.IsTheEvents(new InsufficientMemoryException()));
        Assert.True(EntityActor.IsTheEvents(new InvalidOperationException()));
    }
}
