using Streaming.Features.Plans;
using Streaming.Features.State;
using Streaming.Features.Tests.Kit;

namespace Streaming.Features.Tests.Duplicates;

/// <summary>A request whose event was posted before reads as if it had not been: the event is there once, either way.</summary>
public class PostedRequestSpec
{
    private static readonly EntityPlan s_plan = DuplicateStreams.With;

    [Fact]
    public void It_reads_as_the_hypothetical_event_does()
    {
        for (var seed = 1; seed <= 60; seed++)
        {
            var random = new Random(seed);
            var log = DuplicateStreams.Random(seed);
            var own = new Transaction(
                0, 1_000_000, log.Max(e => e.Time) + 1 - (random.Next(2) * (random.NextInt64(Views.Day) | 1)), random.Next(100), random.Next(-2, 3), 1, "5411", Id: "own");
            if (log.Any(e => e.Time == own.Time))
            {
                continue;
            }

            var (without, with) = (Applied(log), Applied([.. log, own]));
            Assert.True(Read(without, own.Time, own).SequenceEqual(Read(with, own.Time, own)), $"seed {seed}: posted or not makes a difference");
            Assert.True(Optimistic(without, own.Time, own).SequenceEqual(Optimistic(with, own.Time, own)), $"seed {seed}: from another thread");
        }
    }

    [Fact]
    public void Posted_then_scored_it_counts_once()
    {
        var own = new Transaction(0, 2, RandomStream.Start + Views.Hour, 7, Id: "own");
        var state = Applied([new(0, 1, RandomStream.Start, 5, Id: "before"), own]);
        Assert.Equal([1, 2, 2, 2], Read(state, own.Time, own).Take(4).Select(value => value.Number));
        Assert.Equal([1, 3, 3, 3], Read(state, own.Time + Views.Hour, own with { Id = "next" }).Take(4).Select(value => value.Number));
    }

    [Fact]
    public void Before_the_time_at_which_it_was_posted_it_is_hypothetical()
    {
        var own = new Transaction(0, 2, RandomStream.Start, 7, Id: "own");
        var state = Applied([own]);
        Assert.Equal(1, Read(state, RandomStream.Start - Views.Hour, own)[2].Number);
        Assert.Equal(1, Read(state, RandomStream.Start + Views.Hour, own)[2].Number);
    }

    [Fact]
    public void In_a_join_a_row_that_comes_again_sees_itself_once()
    {
        var state = new EntityState(s_plan);
        var batch = Transactions.Batch(new Transaction(0, 1, RandomStream.Start, 7, Id: "own"), new Transaction(0, 2, RandomStream.Start, 7, Id: "own"));
        var (first, second) = (new FeatureValue[s_plan.AllFeatures.OutputLength], new FeatureValue[s_plan.AllFeatures.OutputLength]);
        state.ReadThenApply(s_plan.AllFeatures, s_plan.Feeds[0], batch, 0, first);
        state.ReadThenApply(s_plan.AllFeatures, s_plan.Feeds[0], batch, 1, second);
        Assert.Equal(first, second);
        Assert.Equal((1, 1), (state.DuplicateEvents, second[2].Number));
    }

    private static EntityState Applied(IReadOnlyList<Transaction> events)
    {
        var state = new EntityState(s_plan);
        AggregationFixture.Apply(state, events);
        return state;
    }

    private static FeatureValue[] Read(EntityState state, long at, Transaction own)
    {
        var values = new FeatureValue[s_plan.AllFeatures.OutputLength];
        Assert.Equal(ReadOutcome.Done, state.Read(s_plan.AllFeatures, at, Transactions.Batch(own), 0, values));
        return values;
    }

    // This view has no texts.
    private static FeatureValue[] Optimistic(EntityState state, long at, Transaction own)
    {
        var features = s_plan.Views.SelectMany(view => view.Features).Where(feature => feature.View == "exact").Select(feature => feature.FullName);
        var read = EntityReadPlan.For(s_plan, [.. features])!;
        Assert.True(read.IsOptimistic);
        var values = new FeatureValue[read.OutputLength];
        Assert.Equal(ReadOutcome.Done, state.TryRead(read, at, Transactions.Batch(own), 0, values));
        return values;
    }
}
