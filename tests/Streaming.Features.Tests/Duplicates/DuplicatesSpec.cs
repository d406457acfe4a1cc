using Streaming.Features.Plans;
using Streaming.Features.State;
using Streaming.Features.Tests.Kit;

namespace Streaming.Features.Tests.Duplicates;

/// <summary>What an entity makes of events that come again, against a state that is given the first of each alone.</summary>
public class DuplicatesSpec
{
    private const int Streams = 60;

    private static readonly EntityPlan s_with = DuplicateStreams.With;
    private static readonly EntityPlan s_without = DuplicateStreams.Without;

    [Fact]
    public void An_event_that_comes_again_is_counted_and_not_applied()
    {
        for (var seed = 1; seed <= Streams; seed++)
        {
            var log = DuplicateStreams.Random(seed);
            var firsts = NaiveDuplicates.First(log, DuplicateStreams.Horizon);
            var state = Applied(s_with, log);
            Assert.True(state.DuplicateEvents == log.Length - firsts.Length, $"seed {seed}: {state.DuplicateEvents} of {log.Length - firsts.Length} copies");
            AssertReadAlike(state, Applied(s_without, firsts), firsts, $"seed {seed}");
        }
    }

    [Fact]
    public void Restarts_on_the_way_change_no_bit()
    {
        for (var seed = 101; seed <= 100 + Streams; seed++)
        {
            var log = DuplicateStreams.Random(seed);
            var random = new Random(seed);
            var stopped = new EntityState(s_with);
            var duplicates = 0L;
            for (var first = 0; first < log.Length;)
            {
                var run = random.Next(1, 1 + log.Length);
                AggregationFixture.Apply(stopped, [.. log.Skip(first).Take(run)]);
                duplicates += stopped.DuplicateEvents;
                stopped = RoundTrip(stopped);
                first += run;
            }

            var never = Applied(s_with, log);
            Assert.Equal(never.DuplicateEvents, duplicates);
            AssertSameBytes(never, stopped, $"seed {seed}");
        }
    }

    [Fact]
    public void Interleaving_of_partitions_changes_no_bit()
    {
        for (var seed = 201; seed <= 200 + Streams; seed++)
        {
            var log = DuplicateStreams.Random(seed);
            var (one, other) = (Applied(s_with, log), Applied(s_with, RandomStream.Reinterleave(log, seed)));
            Assert.Equal(one.DuplicateEvents, other.DuplicateEvents);
            AssertSameBytes(one, other, $"seed {seed}");
        }
    }

    [Fact]
    public void All_that_is_delivered_twice_within_the_horizon_counts_once()
    {
        var events = DuplicateStreams.Numbered(Enumerable.Range(0, 400)
            .Select(i => new Transaction(i % 3, 0, RandomStream.Start + (i * Views.Hour / 4), i, i % 5, Id: $"{i}")));
        var again = DuplicateStreams.Numbered([.. events, .. events]);
        var state = Applied(s_with, again);
        Assert.Equal(events.Length, state.DuplicateEvents);
        AssertReadAlike(state, Applied(s_without, events), events, "twice");
    }

    [Fact]
    public void A_copy_in_another_partition_is_told_too()
    {
        Transaction[] log =
        [
            new(0, 1, RandomStream.Start, 5, Id: "a"), new(1, 1, RandomStream.Start, 5, Id: "a"), new(1, 2, RandomStream.Start + 1, 7, Id: "b"),
            new(0, 2, RandomStream.Start + 1, 7, Id: "b"),
        ];
        var state = Applied(s_with, log);
        Assert.Equal(2, state.DuplicateEvents);
        AssertReadAlike(state, Applied(s_without, [log[0], log[2]]), log, "two partitions");
        AssertSameBytes(RoundTrip(state), state, "two partitions");
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-1, 2)]
    public void An_id_is_remembered_until_its_time_is_the_horizon_behind_the_newest_of_its_partition(long millis, double count)
    {
        var newest = RandomStream.Start + DuplicateStreams.Horizon - 1 - millis;
        var state = Applied(
            s_with,
            [new(0, 1, RandomStream.Start, 1, Id: "a"), new(1, 1, newest + Views.Day, 1, Id: "other"), new(0, 2, newest, 1, Id: "b"), new(0, 3, RandomStream.Start, 1, Id: "a")]);
        Assert.Equal(2 - count, state.DuplicateEvents);
        Assert.Equal(count + 2, Read(state, newest + Views.Day, null)[2].Number);
    }

    [Fact]
    public void An_event_without_an_id_always_counts()
    {
        var state = Applied(s_with, [new(0, 1, RandomStream.Start), new(0, 2, RandomStream.Start), new(0, 3, RandomStream.Start, Id: "")]);
        Assert.Equal((0, 3), (state.DuplicateEvents, Read(state, RandomStream.Start, null)[2].Number));
    }

    [Fact]
    public void Ids_are_part_of_the_fingerprint_and_an_older_state_without_them_is_refused()
    {
        var longer = DuplicateStreams.Compile(
            """
            topic transactions { duplicates { horizon = 8d } }
            feature-view v { entity = card, source = transactions, key = card_id, time = ts, features { n { count = "*" } } }
            """);
        var shorter = DuplicateStreams.Compile(
            """
            topic transactions { duplicates { horizon = 7d } }
            feature-view v { entity = card, source = transactions, key = card_id, time = ts, features { n { count = "*" } } }
            """);
        Assert.NotEqual(longer.Fingerprint, shorter.Fingerprint);
        Assert.NotEqual(s_with.Fingerprint, s_without.Fingerprint);
        var bytes = AggregationFixture.BytesOf(Applied(longer, [new(0, 1, RandomStream.Start, Id: "a")]));
        Assert.Equal(StateFault.OtherLayout, StateBytes.Read(shorter, bytes).Fault);
    }

    private static EntityState Applied(EntityPlan plan, IReadOnlyList<Transaction> events)
    {
        var state = new EntityState(plan);
        AggregationFixture.Apply(state, events);
        return state;
    }

    private static EntityState RoundTrip(EntityState state)
    {
        var (read, fault) = StateBytes.Read(state.Plan, AggregationFixture.BytesOf(state));
        Assert.Equal(StateFault.None, fault);
        return read!;
    }

    private static FeatureValue[] Read(EntityState state, long at, Transaction? own)
    {
        var values = new FeatureValue[state.Plan.AllFeatures.OutputLength];
        Assert.Equal(ReadOutcome.Done, state.Read(state.Plan.AllFeatures, at, own is null ? null : Transactions.Batch(own), 0, values));
        return values;
    }

    private static void AssertReadAlike(EntityState state, EntityState twin, IReadOnlyList<Transaction> events, string context)
    {
        var newest = events.Max(e => e.Time);
        foreach (var at in new[] { newest, newest - Views.Hour, newest - Views.Day, newest + (3 * Views.Day) })
        {
            Assert.True(Read(twin, at, null).SequenceEqual(Read(state, at, null)), $"{context}: reads at {at} differ");
        }
    }

    private static void AssertSameBytes(EntityState one, EntityState other, string context) =>
        Assert.True(AggregationFixture.BytesOf(one).AsSpan().SequenceEqual(AggregationFixture.BytesOf(other)), $"{context}: state bytes differ");
}
