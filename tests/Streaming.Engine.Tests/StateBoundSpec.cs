using Microsoft.Extensions.Time.Testing;
using Streaming.Engine.Deliveries;
using Streaming.Engine.Entities;

namespace Streaming.Engine.Tests;

/// <summary>What a command is told when a whole state does not come in time.</summary>
public sealed class StateBoundSpec
{
    private readonly FakeTimeProvider _time = new();
    private readonly EntityType _type = new(TestFeatures.Catalog.FindEntity("card")!, 4, new Residency(1_000, 1 << 20, TimeSpan.FromHours(1), TimeProvider.System), isDirect: true);

    private StateBound Bound => new(TimeSpan.FromSeconds(10), _time);

    [Fact]
    public async Task A_shard_that_is_not_open_is_named_with_the_time_waited()
    {
        var late = await LateAsync(Bound.OpenedAsync(_type.Shards[3], CancellationToken.None));
        Assert.StartsWith("shard card/3 is not open: ", late.Message, StringComparison.Ordinal);
        Assert.EndsWith(" (waited for 10 s, streaming.engine.state-timeout); try again, and look at the node's log", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entity_that_does_not_answer_is_named_and_its_key_masked()
    {
        var late = await LateAsync(Bound.ReplyAsync(new StateQuery(), _type, "4929123412341234"u8.ToArray(), CancellationToken.None));
        Assert.StartsWith("card/****1234 has not said its state: ", late.Message, StringComparison.Ordinal);
    }

    private async Task<TimeoutException> LateAsync(Task step)
    {
        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.False(step.IsCompleted);
        _time.Advance(TimeSpan.FromSeconds(0.1));
        return await Assert.ThrowsAsync<TimeoutException>(() => step);
    }
}
