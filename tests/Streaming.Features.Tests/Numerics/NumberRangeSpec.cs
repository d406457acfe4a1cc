using Streaming.Features.Numerics;
using Streaming.Features.Plans;
using Streaming.Features.State;
using Streaming.Features.Tests.Kit;

namespace Streaming.Features.Tests.Numerics;

public class NumberRangeSpec
{
    private const double Largest = 9007199254740992;

    [Theory]
    [InlineData(0, true)]
    [InlineData(Largest, true)]
    [InlineData(-Largest, true)]
    [InlineData(Largest + 2, false)]
    [InlineData(-Largest - 2, false)]
    [InlineData(double.PositiveInfinity, false)]
    [InlineData(double.NegativeInfinity, false)]
    [InlineData(double.NaN, false)]
    public void It_ends_at_the_53rd_power_of_two(double value, bool isIn) => Assert.Equal(isIn, NumberRange.Contains(value));

    /// <summary>The largest result is a thousand times the one, and just beyond the range for the other.</summary>
    [Fact]
    public void An_expressions_result_beyond_it_contributes_to_nothing_although_conditions_see_it()
    {
        const string definitions = """
            feature-view v {
              entity = card, source = transactions, key = card_id, time = ts
              features {
                count { count = "amount * 1000", over = 1d }
                sum { sum = "amount * 1000", over = 1d }
                max { max = "amount * 1000", over = 1d }
                distinct { count_distinct = "amount * 1000", over = 1d }
                about { approx_count_distinct = "amount * 1000", over = 1d }
                seen { count = "*", where = "amount * 1000 > 9007199254740992", over = 1d }
              }
            }
            """;
        var (catalog, diagnostics) = FeatureCatalog.Compile([("v.conf", definitions)], [Transactions.Source]);
        Assert.Empty(diagnostics);
        var plan = catalog!.Entities[0];
        var state = new EntityState(plan);
        AggregationFixture.Apply(
            state,
            new Transaction(0, 1, RandomStream.Start, Amount: 9007199254740),
            new Transaction(0, 2, RandomStream.Start, Amount: 9007199254741));
        var values = new FeatureValue[plan.AllFeatures.OutputLength];
        Assert.Equal(ReadOutcome.Done, state.Read(plan.AllFeatures, RandomStream.Start, null, 0, values));
        Assert.Equal([1, 9007199254740000, 9007199254740000, 1, 1, 1], values.Select(value => value.Number));
    }
}
