using Streaming.Features.Plans;
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
    public void A_burst_gives_its_room_back_once_it_has_expired()
    {
        var state = new EntityState(s_card);
        var naive = new NaiveEntity();
        for (var i = 0; i < 3000; i++)
        {
            ApplyTo(state, naive, RandomStream.Start + i);
        }

        var peak = state.MemoryBytes;
        for (var day = 1; day < 31; day++)
        {
            ApplyTo(state, naive, RandomStream.Start + (day * Views.Day));
        }

        Assert.Equal(peak, state.MemoryBytes);
        ApplyTo(state, naive, RandomStream.Start + (31 * Views.Day) + 3000);
        Assert.InRange(state.MemoryBytes, 1, peak / 25);
        Assert.Equal(31, state.StoredEvents);

        var (at, values) = (RandomStream.Start + (32 * Views.Day), new FeatureValue[6]);
        Assert.Equal(ReadOutcome.Done, state.Read(s_card.AllFeatures, at, null, 0, values));
        Assert.Equal([naive.Window(at, 0, Views.Day).Count, naive.Window(at, 0, 7 * Views.Day).Count, naive.Window(at, 0, 30 * Views.Day).Count], values.Take(3).Select(value => value.Number));
    }

    /// <summary>Bursts of a hundred events with a silence after each: an event pays for few words, whatever grows and shrinks.</summary>
    [Fact]
    public void Growing_and_shrinking_cost_a_constant_an_event()
    {
        const int rounds = 100;
        const int events = 100;
        var state = new EntityState(s_card);
        var batch = Transactions.Batch([.. Enumerable.Range(0, rounds * events).Select(i => new Transaction(0, i, RandomStream.Start + i + (i / events * 60 * Views.Day), Amount: 1))]);
        Span<int> row = [0];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (; row[0] < batch.Count; row[0]++)
        {
            state.Apply(s_card.Feeds[0], batch, row);
        }

        var wordsAnEvent = (GC.GetAllocatedBytesForCurrentThread() - before) / sizeof(long) / batch.Count;
        Assert.InRange(wordsAnEvent, 0, 10 * s_card.Views[0].ColumnCount);
    }

    [Fact]
    public void The_handbooks_features_are_applied_and_read_without_allocating() => ZeroAllocation.Check(s_card);

    private static void ApplyTo(EntityState state, NaiveEntity naive, long time)
    {
        var e = new Transaction(0, naive.Events.Count, time, Amount: 1);
        naive.Apply(e);
        AggregationFixture.Apply(state, e);
    }

    private static Transaction Event(int partition, long offset) => new(partition, offset, RandomStream.Start, Amount: 1);
}
