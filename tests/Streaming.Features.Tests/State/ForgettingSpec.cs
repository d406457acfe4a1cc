using Streaming.Features.Plans;
using Streaming.Features.State;
using Streaming.Features.Tests.Kit;

namespace Streaming.Features.Tests.State;

/// <summary>States that are forgotten once they can matter no more, against those of the same events that never are.</summary>
public class ForgettingSpec
{
    private const int Streams = 50;
    private const long Longest = 3 * Views.Day;

    private const string Definitions = """
        feature-view exact {
          entity = card, source = transactions, key = card_id, time = ts
          features {
            count { count = "*", over = [1h, 3d] }, sum { sum = amount, over = [1d, 3d] }, mean { avg = amount, over = 3d }
            low { min = amount, over = 3d }, spread { stddev = amount, over = 3d }, middle { percentile = amount, p = 50, over = 3d }
            marks { count_distinct = other, over = 3d }, gap { time_since_last = amount, where = "other > 0", over = 3d }
          }
        }
        feature-view late {
          entity = card, source = transactions, key = card_id, time = ts, delay = 12h
          features { first { first = mcc, over = 2d }, last { last = mcc, over = 1d }, mccs { count_distinct = mcc, over = 2d } }
        }
        """;

    private static readonly EntityPlan[] s_plans =
    [
        DuplicateStreams.Compile(Definitions),
        DuplicateStreams.Compile($"topic transactions {{ duplicates {{ horizon = 2d }} }}\n{Definitions}"),
        DuplicateStreams.Compile($"topic transactions {{ corrects-by = event_id }}\n{Definitions}", Transactions.Logged),
    ];

    public static TheoryData<int> Plans => [0, 1, 2];

    [Theory]
    [MemberData(nameof(Plans))]
    public void No_read_and_no_event_can_tell(int plan)
    {
        var forgotten = 0;
        for (var seed = 1; seed <= Streams; seed++)
        {
            forgotten += new Life(s_plans[plan], seed).Run();
        }

        Assert.True(forgotten > Streams, $"{forgotten} were forgotten in {Streams} streams");
    }

    [Fact]
    public void A_state_is_useful_for_its_longest_window_its_delay_a_day_and_its_horizon()
    {
        Assert.Equal([Longest + Views.Day, Longest + (5 * Views.Day), Longest + (2 * Views.Day)], s_plans.Select(plan => plan.UsefulMillis!.Value));
        var state = new EntityState(s_plans[0]);
        Assert.Equal(long.MaxValue, state.UselessFromMillis);
        AggregationFixture.Apply(state, new Transaction(0, 1, RandomStream.Start));
        Assert.Equal(RandomStream.Start + Longest + Views.Day, state.UselessFromMillis);
    }

    [Fact]
    public void A_correction_that_becomes_known_late_keeps_its_state()
    {
        var state = new EntityState(s_plans[2]);
        AggregationFixture.Apply(state, new Transaction(0, 1, RandomStream.Start, Seen: RandomStream.Start + (30 * Views.Day), Id: "a"));
        Assert.Equal(RandomStream.Start + (30 * Views.Day) + Longest + (2 * Views.Day), state.UselessFromMillis);
    }

    [Fact]
    public void A_lifetime_is_never_forgotten()
    {
        var state = new EntityState(DuplicateStreams.With);
        AggregationFixture.Apply(state, new Transaction(0, 1, RandomStream.Start, Id: "a"));
        Assert.Null(DuplicateStreams.With.UsefulMillis);
        Assert.Equal(long.MaxValue, state.UselessFromMillis);
    }

    [Fact]
    public void A_read_before_what_was_forgotten_is_too_old()
    {
        var state = new EntityState(s_plans[0], RandomStream.Start);
        var values = new FeatureValue[s_plans[0].AllFeatures.OutputLength];
        Assert.Equal(ReadOutcome.Done, state.TryRead(s_plans[0].AllFeatures, RandomStream.Start - Views.Day, null, 0, values));
        Assert.Equal(ReadOutcome.TooOld, state.TryRead(s_plans[0].AllFeatures, RandomStream.Start - Views.Day - 1, null, 0, values));
    }

    /// <summary>One card whose events come in bursts, with copies, corrections and late ones; it is forgotten whenever that is allowed.</summary>
    private sealed class Life(EntityPlan plan, int seed)
    {
        private readonly Random _random = new(seed);
        private readonly List<Transaction> _log = [];
        private readonly EntityState _never = new(plan);
        private EntityState? _live;
        private long _since = long.MinValue;
        private long _now = RandomStream.Start;

        public int Run()
        {
            var forgotten = 0;
            for (var i = 0; i < 120; i++)
            {
                _now += _random.Next(6) == 0 ? _random.NextInt64(20 * Views.Day) : _random.NextInt64(6 * Views.Hour);
                if (i == 0 || _random.Next(3) > 0)
                {
                    Add(Next());
                }

                if (_random.Next(4) == 0)
                {
                    _since = Math.Max(_since, _now - (_random.Next(3) * _random.NextInt64(Views.Day)));
                    if (_live?.UselessFromMillis <= _since)
                    {
                        _live = null;
                        forgotten++;
                    }
                }

                Check(i);
            }

            return forgotten;
        }

        private Transaction Next()
        {
            if (plan.Views[0].HasCorrections && _log.Count > 0 && _random.Next(3) == 0)
            {
                return Corrected(_log[_random.Next(_log.Count)]);
            }

            var isLate = _random.Next(3) == 0;
            var time = _now - (isLate ? _random.NextInt64(6 * Views.Day) : 0);
            var id = plan.RemembersIds && _log.Count > 0 && !isLate && _random.Next(4) == 0 ? _log[_random.Next(_log.Count)].Id : $"tx-{_log.Count}";
            return new Transaction(
                _random.Next(2), 0, time, _random.Next(100), _random.Next(-2, 3), 0, $"{_random.Next(4)}",
                _random.Next(3) == 0 ? null : time + _random.NextInt64(2 * Views.Day), id);
        }

        private Transaction Corrected(Transaction old) => old with
        {
            Amount = _random.Next(100),
            Time = _random.Next(3) == 0 ? old.Time + _random.Next(-1000, 1000) : old.Time,
            Seen = _random.Next(4) == 0 ? old.Seen : Math.Max(_now, old.Time) + _random.NextInt64(2 * Views.Day),
        };

        // A retry is sent as it was. Where ids are remembered another event may have one of them, too.
        private void Add(Transaction e)
        {
            if (_random.Next(6) == 0 && _log.Count > 0)
            {
                e = _log[_random.Next(_log.Count)];
            }

            e = e with { Offset = _log.Count + 1 };
            _log.Add(e);
            AggregationFixture.Apply(_never, e);
            AggregationFixture.Apply(_live ??= new EntityState(plan, _since), e);
            if (_random.Next(10) == 0)
            {
                _live = RoundTrip(_live);
            }
        }

        private void Check(int step)
        {
            var context = $"seed {seed}, step {step}";
            var live = _live ?? new EntityState(plan, _since);
            for (var i = 0; i < 3; i++)
            {
                var from = _since == long.MinValue ? _now - Views.Day : _since - Views.Day;
                var at = i == 0 ? from : from + _random.NextInt64(_now - from + Views.Day);
                var own = _random.Next(2) == 0 ? null : Next() with { Time = at, Id = _log[_random.Next(_log.Count)].Id };
                Assert.True(Read(_never, at, own).SequenceEqual(Read(live, at, own)), $"{context}: reads at {at} with {own} differ");
            }

            if (_live is not null)
            {
                var fold = new EntityState(plan);
                AggregationFixture.Apply(fold, [.. _log.Where(e => e.Offset <= _live.AppliedOffset(plan.Feeds[0], e.Partition))]);
                Assert.True(Compared(fold).AsSpan().SequenceEqual(Compared(_live)), $"{context}: bytes differ");
            }
            else
            {
                Assert.True(_never.UselessFromMillis <= _since, $"{context}: the fold has something that was forgotten");
            }
        }

        private byte[] Compared(EntityState state)
        {
            var copy = RoundTrip(state);
            copy.ForgetBefore(_since);
            return AggregationFixture.BytesOf(copy);
        }

        private FeatureValue[] Read(EntityState state, long at, Transaction? own)
        {
            var values = new FeatureValue[plan.AllFeatures.OutputLength];
            var outcome = state.Read(plan.AllFeatures, at, own is null ? null : Transactions.Batch(own), 0, values);
            return outcome == ReadOutcome.Done ? values : [new FeatureValue((int)outcome, null, FeatureStatus.Absent, 0)];
        }

        private EntityState RoundTrip(EntityState state)
        {
            var (read, fault) = StateBytes.Read(plan, AggregationFixture.BytesOf(state));
            Assert.Equal(StateFault.None, fault);
            return read!;
        }
    }
}
