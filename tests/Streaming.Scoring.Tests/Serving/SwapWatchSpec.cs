using Microsoft.Extensions.Time.Testing;
using Streaming.Features.Plans;
using Streaming.Scoring.Serving;
using Streaming.Scoring.Tests.Turns;
using Streaming.Scoring.Turns;

namespace Streaming.Scoring.Tests.Serving;

/// <summary>When a version that was swapped in is taken back.</summary>
public sealed class SwapWatchSpec : IDisposable
{
    private static readonly ScoreResult s_score = new(0.5, Decision.Review, 0, IsFallback: false);
    private static readonly ScoreResult s_failed = new(0.5, Decision.Review, 0, IsFallback: true) { Cause = FallbackCause.ModelFailed };
    private static readonly ScoreResult s_slowEntity = new(0.5, Decision.Review, 0, IsFallback: true) { Cause = FallbackCause.EntityTimeout };
    private readonly FeatureCatalog _catalog = Samples.Catalog();
    private readonly FakeTimeProvider _clock = new();
    private readonly VersionedModel _first = new(1);
    private readonly VersionedModel _second = new(2);
    private readonly ModelSlots _slots;
    private readonly SwapWatch _watch;

    public SwapWatchSpec()
    {
        var store = new OneCardStore(_catalog);
        ScoreTurns TurnsOf(ServedModel served) => new(
            store, served.Scorer, served.Schema, TimeSpan.FromMinutes(10), TimeProvider.System, new Ignoring(), log: null);
        _slots = new(Version(_first), [], TurnsOf, _clock, keepsBefore: true);
        _watch = new(_slots, new(TimeSpan.FromMinutes(10), 0.1, TimeSpan.FromMilliseconds(100), 20), _clock);
        _slots.Swap(Version(_second));
    }

    public void Dispose() => _slots.Dispose();

    [Fact]
    public void A_version_that_fails_too_often_is_taken_back()
    {
        Answer(s_score, 17);
        Answer(s_failed, 2);
        Assert.Empty(_watch.Look());
        Answer(s_failed, 1);
        var rollback = Assert.Single(_watch.Look());
        Assert.Equal(("fraud", "fraud@v2", "fraud@v1"), (rollback.Model, rollback.From, rollback.To));
        Assert.Contains("3 of 20", rollback.Reason, StringComparison.Ordinal);
        Assert.Equal(("fraud@v1", true, false), (Active, _second.IsDisposed, _first.IsDisposed));
        Assert.Empty(_watch.Look());
    }

    [Fact]
    public void A_version_that_is_too_slow_is_taken_back()
    {
        Answer(s_score, 98);
        Answer(s_score, 2, TimeSpan.FromMilliseconds(150));
        Assert.Contains("1 in 100", Assert.Single(_watch.Look()).Reason, StringComparison.Ordinal);
        Assert.Equal("fraud@v1", Active);
    }

    [Fact]
    public void What_the_model_is_not_to_blame_for_takes_no_version_back()
    {
        Answer(s_score, 100);
        Answer(s_slowEntity, 100);
        Assert.Empty(_watch.Look());
    }

    [Fact]
    public void After_its_period_a_version_stays_and_the_one_before_is_closed()
    {
        Answer(s_score, 100);
        _clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromTicks(1));
        Assert.Empty(_watch.Look());
        Assert.False(_first.IsDisposed);
        _clock.Advance(TimeSpan.FromTicks(1));
        Assert.Empty(_watch.Look());
        Assert.True(_first.IsDisposed);
        Answer(s_failed, 100);
        Assert.Empty(_watch.Look());
        Assert.Equal("fraud@v2", Active);
    }

    [Fact]
    public void Another_swap_closes_the_version_before_the_last()
    {
        _slots.Swap(Version(new VersionedModel(3)));
        Assert.Equal((true, false), (_first.IsDisposed, _second.IsDisposed));
        Answer(s_failed, 20);
        Assert.Equal("fraud@v2", Assert.Single(_watch.Look()).To);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(1_000)]
    [InlineData(123_456_789)]
    public void A_latency_is_rounded_down_by_a_fifth_at_the_most(long ticks)
    {
        var counts = new AnswerCounts();
        counts.Add(s_score, TimeSpan.FromTicks(ticks));
        Assert.InRange(counts.Latency(0.99).Ticks, (long)(ticks * 0.8), ticks);
    }

    private string Active => _slots.Champion.Active.Scorer.ModelId;

    private void Answer(ScoreResult result, int times, TimeSpan latency = default)
    {
        for (var i = 0; i < times; i++)
        {
            _slots.Champion.Active.Counts.Add(result, latency);
        }
    }

    private Scorer Version(VersionedModel model) => new(Samples.Model(_catalog), _catalog.FindService("fraud")!, model);

    private sealed class Ignoring : IScoreObserver
    {
        public void Scored(ReadOnlySpan<byte> name, long atMillis, ReadOnlySpan<float> vector, in ScoreResult result, TimeSpan latency)
        {
        }
    }
}
