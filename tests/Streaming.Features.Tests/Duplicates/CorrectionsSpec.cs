using Streaming.Features.Plans;
using Streaming.Features.State;
using Streaming.Features.Tests.Kit;

namespace Streaming.Features.Tests.Duplicates;

/// <summary>
/// Events that correct earlier ones, and events that become known late, against a state that is given what was known at the time of the read
/// alone.
/// </summary>
public class CorrectionsSpec
{
    private const int Streams = 60;

    private const string Definitions = """
        feature-view exact {
          entity = card, source = transactions, key = card_id, time = ts
          features {
            count { count = "*", over = [1h, 7d, 30d] }, sum { sum = amount, over = [1d, 30d] }, mean { avg = amount, over = 30d }
            low { min = amount, over = 30d }, high { max = amount, over = 30d }, spread { stddev = amount, over = 30d }
            share { ratio = [other, amount], over = 30d }, middle { percentile = amount, p = 50, over = 30d }
            marks { count_distinct = other, over = 30d }, gap { time_since_last = amount, where = "other > 0", over = 30d }
            some { approx_count_distinct = amount, over = 30d }
          }
        }
        feature-view late {
          entity = card, source = transactions, key = card_id, time = ts, delay = 12h
          features { first { first = mcc, over = 30d }, last { last = mcc, over = 7d }, mccs { count_distinct = mcc, over = 7d } }
        }
        """;

    private static readonly EntityPlan s_corrected = DuplicateStreams.Compile($"topic transactions {{ corrects-by = event_id }}\n{Definitions}", Transactions.Logged);
    private static readonly EntityPlan s_logged = DuplicateStreams.Compile(Definitions, Transactions.Logged);
    private static readonly EntityPlan s_plain = DuplicateStreams.Compile(Definitions);

    public static TheoryData<bool> Kinds => [true, false];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_read_sees_the_latest_version_that_was_known_by_then(bool corrects)
    {
        for (var seed = 1; seed <= Streams; seed++)
        {
            var log = Log(seed, corrects);
            Check(Applied(Plan(corrects), log), log, corrects, new Random(seed), $"seed {seed}");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void So_it_does_after_restarts_on_the_way(bool corrects)
    {
        for (var seed = 101; seed <= 100 + Streams; seed++)
        {
            var (log, random) = (Log(seed, corrects), new Random(seed));
            var stopped = new EntityState(Plan(corrects));
            for (var first = 0; first < log.Length;)
            {
                var run = random.Next(1, 1 + log.Length);
                AggregationFixture.Apply(stopped, [.. log.Skip(first).Take(run)]);
                stopped = RoundTrip(stopped);
                first += run;
            }

            Check(stopped, log, corrects, random, $"seed {seed}");
            var never = new EntityState(Plan(corrects));
            AggregationFixture.Apply(never, log);
            Assert.True(Bytes(never).SequenceEqual(Bytes(stopped)), $"seed {seed}: state bytes differ");
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Interleaving_of_partitions_changes_no_bit(bool corrects)
    {
        for (var seed = 201; seed <= 200 + Streams; seed++)
        {
            var log = Log(seed, corrects);
            var (one, other) = (Applied(Plan(corrects), log), Applied(Plan(corrects), RandomStream.Reinterleave(log, seed)));
            Assert.True(Bytes(one).SequenceEqual(Bytes(other)), $"seed {seed}: state bytes differ");
        }
    }

    [Fact]
    public void Fraud_then_not_fraud_after_all()
    {
        var plan = DuplicateStreams.Compile(
            """
            topic transactions { corrects-by = event_id }
            feature-view v {
              entity = card, source = transactions, key = card_id, time = ts
              features { n { count = "*", over = 30d }, risk { avg = fraud, over = 30d, default = 0 } }
            }
            """,
            Transactions.Logged);
        var (start, hour) = (RandomStream.Start, Views.Hour);
        var state = Applied(plan,
        [
            new(0, 1, start, Fraud: 1, Seen: start + hour, Id: "a"), new(0, 2, start + 1, Fraud: 0, Seen: start + hour, Id: "b"),
            new(0, 3, start, Fraud: 0, Seen: start + (2 * hour), Id: "a"), new(0, 4, start + 1, Fraud: 0, Seen: start + (2 * hour), Id: "b"),
        ]);
        foreach (var each in new[] { state, RoundTrip(state) })
        {
            Assert.Equal([2, 0], Read(each, start + (3 * hour)).Select(value => value.Number));
            Assert.Equal([2, 0.5], Read(each, start + hour).Select(value => value.Number));
            Assert.Equal([0, 0], Read(each, start + hour - 1).Select(value => value.Number));
        }

        var values = new FeatureValue[2];
        Assert.Equal(ReadOutcome.AskOwner, state.TryRead(plan.AllFeatures, start + hour, null, 0, values));
        Assert.Equal(ReadOutcome.Done, state.TryRead(plan.AllFeatures, start + (2 * hour), null, 0, values));
    }

    [Fact]
    public void A_correction_may_move_an_event_and_take_back_its_time()
    {
        var start = RandomStream.Start;
        var state = Applied(s_corrected, [new(0, 1, start, 5, Id: "a"), new(0, 2, start + Views.Day, 7, Id: "b"), new(0, 3, start - Views.Day, 9, Seen: start + (2 * Views.Day), Id: "b")]);
        Assert.Equal([0, 2, 2, 0, 14], Read(state, start + (2 * Views.Day)).Take(5).Select(value => double.IsNaN(value.Number) ? 0 : value.Number));
        Assert.Equal([1, 2, 2, 7, 12], Read(state, start + Views.Day).Take(5).Select(value => value.Number));
    }

    private static EntityPlan Plan(bool corrects) => corrects ? s_corrected : s_logged;

    // Most become known at once or within days; a few corrections change the time, too.
    private static Transaction[] Log(int seed, bool corrects)
    {
        var random = new Random(seed);
        var log = new List<Transaction>();
        foreach (var each in new RandomStream(seed).Events)
        {
            var e = each with { Id = $"tx-{log.Count}", Seen = random.Next(3) == 0 ? null : each.Time + (long)(random.NextDouble() * 3 * Views.Day) };
            log.Add(e);
            while (random.Next(3) == 0)
            {
                var old = random.Next(2) == 0 ? e : log[random.Next(log.Count)];
                log.Add(old with
                {
                    Amount = random.Next(100),
                    Other = random.Next(-2, 3),
                    Mcc = $"{random.Next(4)}",
                    Time = corrects && random.Next(6) == 0 ? old.Time + random.Next(-1000, 1000) : old.Time,
                    Seen = random.Next(4) == 0 ? old.Seen : NaiveCorrections.KnownAt(old) + (long)((random.NextDouble() - 0.1) * 2 * Views.Day),
                });
            }
        }

        return DuplicateStreams.Numbered(log);
    }

    private static void Check(EntityState state, Transaction[] log, bool corrects, Random random, string context)
    {
        var newest = log.Max(e => e.Time);
        for (var i = 0; i < 12; i++)
        {
            var at = newest - ViewPlan.ReadBackMillis + (long)(random.NextDouble() * 5 * Views.Day);
            if (random.Next(4) == 0 && NaiveCorrections.KnownAt(log[random.Next(log.Length)]) is var edge && edge >= newest - ViewPlan.ReadBackMillis)
            {
                at = edge - random.Next(2);
            }

            var twin = Applied(s_plain, NaiveCorrections.KnownBy(log, at, corrects));
            Assert.True(Read(twin, at).SequenceEqual(Read(state, at)), $"{context}: reads at {at} differ");
        }
    }

    private static EntityState Applied(EntityPlan plan, IReadOnlyList<Transaction> events)
    {
        // The twin gets versions that stand out of the order of the log: one at a time, without offsets.
        var state = new EntityState(plan);
        foreach (var e in events)
        {
            state.Apply(plan.Feeds[0], Transactions.Batch(e), 0);
        }

        return state;
    }

    private static ReadOnlySpan<byte> Bytes(EntityState state) => AggregationFixture.BytesOf(state);

    private static EntityState RoundTrip(EntityState state)
    {
        var (read, fault) = StateBytes.Read(state.Plan, AggregationFixture.BytesOf(state));
        Assert.Equal(StateFault.None, fault);
        return read!;
    }

    private static FeatureValue[] Read(EntityState state, long at)
    {
        var values = new FeatureValue[state.Plan.AllFeatures.OutputLength];
        Assert.Equal(ReadOutcome.Done, state.Read(state.Plan.AllFeatures, at, null, 0, values));
        return values;
    }
}
