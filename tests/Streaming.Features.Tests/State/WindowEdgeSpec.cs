using Streaming.Features.Plans;
using Streaming.Features.State;
using Streaming.Features.Tests.Kit;

namespace Streaming.Features.Tests.State;

/// <summary>A window w with delay d, read at t, covers t - d - w &lt; ts &lt;= t - d.</summary>
public class WindowEdgeSpec
{
    private const long Time = RandomStream.Start;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7 * Views.Day)]
    public void Event_exactly_at_the_window_end_is_included(long delay)
    {
        Assert.Equal(0, Count(delay, Views.Hour, Time + delay - 1));
        Assert.Equal(1, Count(delay, Views.Hour, Time + delay));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7 * Views.Day)]
    public void Event_exactly_at_the_window_start_is_excluded(long delay)
    {
        Assert.Equal(1, Count(delay, Views.Hour, Time + delay + Views.Hour - 1));
        Assert.Equal(0, Count(delay, Views.Hour, Time + delay + Views.Hour));
    }

    [Fact]
    public void A_window_of_a_millisecond_holds_one_instant()
    {
        Assert.Equal([0, 1, 0], new[] { -1, 0, 1 }.Select(i => Count(0, 1, Time + i)));
    }

    [Fact]
    public void A_value_expires_when_its_newest_event_is_older_than_the_ttl()
    {
        var plan = Views.Entity(Views.View("v", 0, Views.Feature("f", "sum", [Transactions.Amount], [Views.SevenDays], defaultValue: -1, ttl: Views.Hour)));
        var state = new EntityState(plan);
        var values = new FeatureValue[1];
        state.Read(plan.AllFeatures, Time, null, 0, values);
        Assert.Equal(new FeatureValue(-1, null, FeatureStatus.Absent, long.MinValue), values[0]);
        AggregationFixture.Apply(state, new Transaction(0, 1, Time, Amount: 5));
        state.Read(plan.AllFeatures, Time + Views.Hour, null, 0, values);
        Assert.Equal(new FeatureValue(5, null, FeatureStatus.Present, Time), values[0]);
        state.Read(plan.AllFeatures, Time + Views.Hour + 1, null, 0, values);
        Assert.Equal(new FeatureValue(-1, null, FeatureStatus.Expired, Time), values[0]);
    }

    private static double Count(long delay, long window, long at)
    {
        var plan = Views.Entity(Views.View("v", delay, Views.Feature("f", "count", [], [new("w", window)])));
        var state = new EntityState(plan);
        AggregationFixture.Apply(state, new Transaction(0, 1, Time));
        var values = new FeatureValue[1];
        Assert.Equal(ReadOutcome.Done, state.Read(plan.AllFeatures, at, null, 0, values));
        return values[0].Number;
    }
}
