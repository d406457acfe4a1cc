using Streaming.Features.Language;
using Streaming.Features.Plans;
using Streaming.Features.State;
using Streaming.Features.Tests.Kit;

namespace Streaming.Features.Tests.Plans;

/// <summary>Views that keep the same events, equally long, share them in each entity; their features read as without that.</summary>
public class SharedViewsSpec
{
    private static readonly FeatureViewDefinition s_means = Views.View("means", 0,
        Views.Feature("tx", "count", [], [Views.OneHour, Views.ThirtyDays]),
        Views.Feature("mean", "avg", [Transactions.Amount], [Views.ThirtyDays]));

    private static readonly FeatureViewDefinition s_habits = Views.View("habits", 0,
        Views.Feature("tx", "count", [], [Views.ThirtyDays], where: Transactions.OtherIsPositive),
        Views.Feature("spread", "stddev", [Transactions.Amount], [Views.SevenDays, Views.ThirtyDays]),
        Views.Feature("last", "last", [Transactions.Other], [Views.ThirtyDays]));

    [Fact]
    public void Two_views_of_the_same_events_are_one_plan()
    {
        var view = Assert.Single(Views.Entity(s_means, s_habits).Views);
        Assert.Equal("means, habits", view.Name);
        Assert.Equal(["means", "means", "means", "habits", "habits", "habits", "habits"], view.Features.Select(feature => feature.View));
        Assert.True(view.ColumnCount < Views.Entity(s_means).Views[0].ColumnCount + Views.Entity(s_habits).Views[0].ColumnCount - 1);
    }

    [Fact]
    public void Views_that_keep_others_or_for_another_time_are_not()
    {
        FeatureViewDefinition[] others =
        [
            s_habits with { KeyField = "mcc" },
            s_habits with { TimeField = "seen" },
            s_habits with { DelayMillis = 1 },
            s_habits with { Features = [.. s_habits.Features.Select(feature => feature with { Windows = [Views.SevenDays] })] },
            s_habits with { Features = s_habits.Features.SetItem(2, s_habits.Features[2] with { Windows = [] }) },
        ];
        Assert.All(others, other => Assert.Equal(2, Views.Entity(s_means, other).Views.Length));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Features_read_as_those_of_views_alone_do(int seed)
    {
        EntityPlan[] plans = [Views.Entity(s_means), Views.Entity(s_habits), Views.Entity(s_means, s_habits)];
        var states = plans.Select(plan => new EntityState(plan)).ToArray();
        foreach (var e in new RandomStream(seed).Events)
        {
            Assert.All(states, state => AggregationFixture.Apply(state, [e]));
            var values = states.Select(state => Read(state, e.Time)).ToArray();
            Assert.Equal([.. values[0], .. values[1]], values[2]);
        }

        Assert.True(states[2].Bytes < states[0].Bytes + states[1].Bytes);
        Assert.Equal(states[0].LateEvents, states[2].LateEvents);
    }

    // Late ones are read as well: at the newest time, where the read would be too old.
    private static FeatureValue[] Read(EntityState state, long at)
    {
        var values = new FeatureValue[state.Plan.AllFeatures.OutputLength];
        Assert.Equal(ReadOutcome.Done, state.Read(state.Plan.AllFeatures, Math.Max(at, state.Newest.Millis), null, 0, values));
        return values;
    }
}
