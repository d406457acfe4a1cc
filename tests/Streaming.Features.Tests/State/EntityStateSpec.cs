using Streaming.Features.Plans;
using Streaming.Features.Serving;
using Streaming.Features.State;
using Streaming.Features.Tests.Kit;

namespace Streaming.Features.Tests.State;

public class EntityStateSpec
{
    private static readonly EntityPlan s_card = Views.Entity(Views.CardActivity);

    [Fact]
    public void Offsets_that_are_applied_are_skipped()
    {
        var state = new EntityState(s_card);
        var batch = Transactions.Batch(Event(0, 10), Event(0, 11), Event(0, 12));
        Assert.Equal(2, state.Apply(s_card.Feeds[0], batch, [0, 1]));
        Assert.Equal(1, state.Apply(s_card.Feeds[0], batch, [0, 1, 2]));
        Assert.Equal(0, state.Apply(s_card.Feeds[0], batch, [0, 1, 2]));
        Assert.Equal(1, state.Apply(s_card.Feeds[0], Transactions.Batch(Event(1, 10)), [0]));
        Assert.Equal(4, state.StoredEvents);
        Assert.Equal((12, 10, -1), (state.AppliedOffset(s_card.Feeds[0], 0), state.AppliedOffset(s_card.Feeds[0], 1), state.AppliedOffset(s_card.Feeds[0], 2)));
    }

    [Fact]
    public void A_delivery_of_nothing_leaves_no_trace()
    {
        var state = new EntityState(s_card);
        var before = AggregationFixture.BytesOf(state);
        Assert.Equal(0, state.Apply(s_card.Feeds[0], Transactions.Batch(Event(0, 1)), []));
        Assert.Equal(before, AggregationFixture.BytesOf(state));
    }

    [Fact]
    public void Applied_offsets_survive_a_round_trip()
    {
        var state = new EntityState(s_card);
        var batch = Transactions.Batch(Event(5, 10), Event(5, 11));
        state.Apply(s_card.Feeds[0], batch, [0]);
        var (read, _) = StateBytes.Read(s_card, AggregationFixture.BytesOf(state));
        Assert.Equal(1, read!.Apply(s_card.Feeds[0], batch, [0, 1]));
    }

    [Fact]
    public void A_read_further_back_than_a_day_is_too_old()
    {
        var state = new EntityState(s_card);
        AggregationFixture.Apply(state, Event(0, 1));
        var values = new FeatureValue[6];
        var oldest = RandomStream.Start - ViewPlan.ReadBackMillis;
        Assert.Equal(ReadOutcome.Done, state.Read(s_card.AllFeatures, oldest, null, 0, values));
        Assert.Equal(ReadOutcome.TooOld, state.Read(s_card.AllFeatures, oldest - 1, null, 0, values));
        Assert.Equal(ReadOutcome.Done, state.TryRead(s_card.AllFeatures, oldest, null, 0, values));
        Assert.Equal(ReadOutcome.TooOld, state.TryRead(s_card.AllFeatures, oldest - 1, null, 0, values));
    }

    [Fact]
    public void A_join_learns_that_a_row_is_too_old()
    {
        var state = new EntityState(s_card);
        var values = new FeatureValue[6];
        var (now, old) = (Transactions.Batch(Event(0, 1)), Transactions.Batch(Event(0, 2) with { Time = RandomStream.Start - ViewPlan.ReadBackMillis - 1 }));
        Assert.Equal(ReadOutcome.Done, state.ReadThenApply(s_card.AllFeatures, s_card.Feeds[0], now, 0, values));
        Assert.Equal(ReadOutcome.TooOld, state.ReadThenApply(s_card.AllFeatures, s_card.Feeds[0], old, 0, values));
        Assert.Equal(ReadOutcome.TooOld, state.ReadAlone(s_card.AllFeatures, old.Times(1)[0], old, 0, values));
        Assert.Equal(2, state.StoredEvents);
    }

    [Fact]
    public void The_handbooks_features_are_applied_and_read_without_allocating() => ZeroAllocation.Check(s_card);

    private static Transaction Event(int partition, long offset) => new(partition, offset, RandomStream.Start, Amount: 1);
}
