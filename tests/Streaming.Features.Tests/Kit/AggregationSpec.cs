using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Streaming.Features.Language;
using Streaming.Features.Layout;
using Streaming.Features.Plans;
using Streaming.Features.State;

namespace Streaming.Features.Tests.Kit;

/// <summary>
/// What every aggregation keeps to, whatever the stream. A subclass says how the aggregation is used, what its naive twin is, and how
/// far it may differ from it. A failure names the seed of its stream.
/// </summary>
public abstract class AggregationSpec
{
    private const int Streams = 24;

    private static readonly ImmutableArray<WindowDefinition> s_short = [Views.OneMillisecond, Views.OneHour];
    private static readonly ImmutableArray<WindowDefinition> s_long = [Views.OneMillisecond, Views.OneHour, Views.OneDay, Views.SevenDays, Views.ThirtyDays];

    private protected abstract ImmutableArray<AggregationCase> Cases { get; }

    [Fact]
    public void It_equals_its_naive_twin()
    {
        for (var seed = 1; seed <= Streams; seed++)
        {
            var fixture = Fixture(seed, lifetime: true);
            var random = new Random(-seed);
            var state = new EntityState(fixture.Plan);
            var naive = new NaiveEntity();
            foreach (var e in new RandomStream(seed).Events)
            {
                AggregationFixture.Apply(state, e);
                naive.Apply(e);
                if (random.Next(8) == 0)
                {
                    var at = ReadTime(random, naive, fixture.View);
                    fixture.Check(state, naive, at, random.Next(3) == 0 ? Hypothetical(random, at) : null, $"seed {seed}");
                }
            }

            for (var i = 0; i < 6; i++)
            {
                fixture.Check(state, naive, ReadTime(random, naive, fixture.View), null, $"seed {seed}, at the end");
            }
        }
    }

    [Fact]
    public void A_hypothetical_event_reads_like_an_applied_one()
    {
        for (var seed = 101; seed <= 100 + Streams; seed++)
        {
            var fixture = Fixture(seed, lifetime: true);
            var events = new RandomStream(seed).Events;
            var random = new Random(seed);
            var at = events.Max(e => e.Time) + random.Next(3) * Views.Hour;
            var hypothetical = Hypothetical(random, at);
            var without = fixture.StateOf(events);
            var before = fixture.Read(without, at).Values;
            var read = fixture.Read(without, at, hypothetical).Values;
            var with = fixture.StateOf([.. events, hypothetical]);
            var isSeen = fixture.View.DelayMillis == 0 && Cases.All(c => c.SeesHypothetical);
            Assert.True(read.SequenceEqual(isSeen ? fixture.Read(with, at).Values : before), $"seed {seed}");
            Assert.True(before.SequenceEqual(fixture.Read(without, at).Values), $"seed {seed}: the hypothetical event left a trace");
        }
    }

    [Fact]
    public void Interleaving_of_partitions_changes_no_bit()
    {
        for (var seed = 201; seed <= 200 + Streams; seed++)
        {
            var fixture = Fixture(seed, lifetime: true);
            var events = new RandomStream(seed).Events;
            var (one, other) = (fixture.StateOf(events), fixture.StateOf(RandomStream.Reinterleave(events, seed)));
            var random = new Random(seed);
            AssertReadAlike(fixture, one, other, events, random, $"seed {seed}");
            Assert.True(AggregationFixture.BytesOf(one).AsSpan().SequenceEqual(AggregationFixture.BytesOf(other)), $"seed {seed}: state bytes differ");
        }
    }

    [Fact]
    public void Evicting_and_reading_on_the_way_change_no_bit()
    {
        for (var seed = 301; seed <= 300 + Streams; seed++)
        {
            var fixture = Fixture(seed, lifetime: true);
            var events = new RandomStream(seed).Events;
            var random = new Random(seed);
            var disturbed = new EntityState(fixture.Plan);
            foreach (var e in events)
            {
                AggregationFixture.Apply(disturbed, e);
                if (random.Next(3) == 0)
                {
                    disturbed.Settle();
                }

                fixture.Read(disturbed, e.Time + (long)((random.NextDouble() - 0.2) * 5 * Views.Day));
            }

            AssertReadAlike(fixture, fixture.StateOf(events), disturbed, events, random, $"seed {seed}");
        }
    }

    [Fact]
    public void Bytes_round_trip_and_the_state_goes_on_as_if_never_stopped()
    {
        for (var seed = 401; seed <= 400 + Streams; seed++)
        {
            var fixture = Fixture(seed, lifetime: true);
            var events = new RandomStream(seed).Events;
            var random = new Random(seed);
            var stopped = new EntityState(fixture.Plan);
            for (var first = 0; first < events.Length;)
            {
                var run = random.Next(1, 1 + events.Length);
                AggregationFixture.Apply(stopped, [.. events.Skip(first).Take(run)]);
                stopped = fixture.RoundTrip(stopped);
                first += run;
            }

            var never = fixture.StateOf(events);
            AssertReadAlike(fixture, never, stopped, events, random, $"seed {seed}");
            Assert.True(AggregationFixture.BytesOf(never).AsSpan().SequenceEqual(AggregationFixture.BytesOf(stopped)), $"seed {seed}: state bytes differ");
        }
    }

    [Fact]
    public void Merging_is_commutative_and_associative_and_equals_applying_all()
    {
        var cases = Cases.Where(c => !Fixture(1, lifetime: false, c).View.HasTexts).ToArray();
        for (var seed = 501; cases.Length > 0 && seed <= 500 + Streams; seed++)
        {
            var fixture = Fixture(seed, lifetime: false, cases);
            var random = new Random(seed);
            var parts = new RandomStream(seed).Events.GroupBy(_ => random.Next(3)).Select(g => g.ToArray()).ToArray();
            var all = Bytes(fixture, ViewOf(fixture, parts.SelectMany(p => p).ToArray()));
            Assert.True(all.SequenceEqual(Merged(fixture, parts)), $"seed {seed}: in order");
            Assert.True(all.SequenceEqual(Merged(fixture, [.. parts.Reverse()])), $"seed {seed}: reversed");
            Assert.True(all.SequenceEqual(MergedFromTheRight(fixture, parts)), $"seed {seed}: from the right");
        }
    }

    [Fact]
    public void Applying_and_reading_allocate_nothing()
    {
        var cases = Cases.Where(c => !Fixture(1, lifetime: false, c).View.HasTexts).ToArray();
        if (cases.Length > 0)
        {
            ZeroAllocation.Check(new AggregationFixture(cases, s_short, delay: 0, lifetime: true).Plan);
        }
    }

    private AggregationFixture Fixture(int seed, bool lifetime, params AggregationCase[] cases) => new(
        cases.Length > 0 ? cases : Cases,
        seed % 2 == 0 ? s_short : s_long,
        (seed / 2 % 4) switch { 0 or 1 => 0, 2 => 7 * Views.Day, _ => 1 },
        lifetime);

    // Now, a day back to the millisecond, too far back, far ahead, and the edges of windows around some event.
    private static long ReadTime(Random random, NaiveEntity naive, ViewPlan view)
    {
        var some = naive.Events[random.Next(naive.Events.Count)].Time;
        var window = new[] { 0, 1, Views.Hour, Views.Day, 7 * Views.Day, 30 * Views.Day }[random.Next(6)];
        return random.Next(8) switch
        {
            0 => naive.Newest,
            1 => naive.Newest - ViewPlan.ReadBackMillis + random.Next(-1, 2),
            2 => naive.Newest + (long)(random.NextDouble() * 60 * Views.Day),
            3 => naive.Newest - (long)(random.NextDouble() * Views.Day),
            _ => Math.Max(some + view.DelayMillis + window + random.Next(-1, 2), naive.Newest - ViewPlan.ReadBackMillis),
        };
    }

    private static Transaction Hypothetical(Random random, long at) => new(
        Partition: 9, Offset: 1_000_000, at, random.Next(8) switch { 0 or 1 => double.NaN, 2 => 1e17, _ => random.Next(100) / 10.0 }, random.Next(-2, 3), random.Next(2),
        random.Next(3) switch { 0 => null, 1 => "5411", _ => "a text that no event has" }, RandomStream.Start);

    private static void AssertReadAlike(
        AggregationFixture fixture, EntityState one, EntityState other, IReadOnlyList<Transaction> events, Random random, string context)
    {
        var newest = events.Max(e => e.Time);
        for (var i = 0; i < 8; i++)
        {
            var at = newest + (long)((random.NextDouble() - 0.3) * 3 * Views.Day);
            var (expected, actual) = (fixture.Read(one, at), fixture.Read(other, at));
            Assert.True(expected.Outcome == actual.Outcome && expected.Values.SequenceEqual(actual.Values), $"{context}: reads at {at} differ");
        }
    }

    // As state bytes have it: the capacity, which alone tells of the way here, is not looked at.
    private static byte[] Bytes(AggregationFixture fixture, ViewState state)
    {
        state.Settle(fixture.View);
        var words = state.Words[..fixture.View.HeaderWords];
        words[SlabWords.Capacity] = words[SlabWords.Count];
        return [.. MemoryMarshal.AsBytes<long>(words), .. Enumerable.Range(0, fixture.View.ColumnCount).SelectMany(c => MemoryMarshal.AsBytes(state.Column(fixture.View, c)).ToArray())];
    }

    private static ViewState ViewOf(AggregationFixture fixture, IReadOnlyList<Transaction> events)
    {
        var state = new ViewState(fixture.View);
        foreach (var e in events)
        {
            state.Apply(fixture.View, Transactions.Batch(e), 0);
        }

        return state;
    }

    private static byte[] Merged(AggregationFixture fixture, Transaction[][] parts)
    {
        var merged = ViewOf(fixture, parts[0]);
        foreach (var part in parts.Skip(1))
        {
            merged.Merge(fixture.View, ViewOf(fixture, part));
        }

        return Bytes(fixture, merged);
    }

    private static byte[] MergedFromTheRight(AggregationFixture fixture, Transaction[][] parts)
    {
        var merged = ViewOf(fixture, parts[^1]);
        for (var i = parts.Length - 2; i >= 0; i--)
        {
            var left = ViewOf(fixture, parts[i]);
            left.Merge(fixture.View, merged);
            merged = left;
        }

        return Bytes(fixture, merged);
    }
}
