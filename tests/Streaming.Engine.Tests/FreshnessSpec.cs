using Streaming.Engine.Sources;
using Streaming.Log;

namespace Streaming.Engine.Tests;

public sealed class FreshnessSpec : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_partition_is_fresh_once_it_reaches_the_end_that_its_run_began_with()
    {
        var freshness = new Freshness(SourceHarness.Quick with { StaleEvents = 10 }, TimeProvider.System);
        freshness.BeginRun(5);
        Assert.False(freshness.IsFresh(4));
        Assert.True(freshness.IsFresh(5));
    }

    [Fact]
    public void A_partition_that_is_more_events_behind_than_declared_is_stale()
    {
        var freshness = new Freshness(SourceHarness.Quick with { StaleEvents = 10 }, TimeProvider.System);
        freshness.BeginRun(0);
        freshness.Described(At(110), 100, TimeProvider.System.GetTimestamp());
        Assert.True(freshness.IsFresh(100));
        freshness.Described(At(111), 100, TimeProvider.System.GetTimestamp());
        Assert.False(freshness.IsFresh(100));
        Assert.True(freshness.IsFresh(101));
    }

    [Fact]
    public void A_partition_that_does_not_reach_an_end_in_time_or_is_not_described_is_stale()
    {
        var (time, after) = (TimeProvider.System, TimeSpan.FromHours(1));
        var longAgo = time.GetTimestamp() - (long)(2 * after.TotalSeconds * time.TimestampFrequency);
        var freshness = new Freshness(SourceHarness.Quick with { StaleAfter = after }, time);
        freshness.BeginRun(0);

        freshness.Described(At(2), 1, longAgo);
        Assert.False(freshness.IsFresh(1));
        freshness.Described(At(3), 1, time.GetTimestamp());
        Assert.False(freshness.IsFresh(1));
        freshness.Applied(2);
        Assert.True(freshness.IsFresh(2));

        freshness.Described(At(2), 2, longAgo);
        Assert.False(freshness.IsFresh(2));
    }

    [Fact]
    public async Task Events_that_an_open_transaction_holds_back_make_answers_stale_and_are_reported()
    {
        await using var harness = await SourceHarness.CreateAsync(
            _folder,
            SourceHarness.Quick with
            {
                StaleAfter = TimeSpan.FromMilliseconds(200),
                Partitions = SourceHarness.Quick.Partitions.SetItem("transactions", 1),
            });
        await harness.Events.AppendAsync(Events.Random(11, 20));
        harness.Start();
        await harness.CaughtUpAsync();
        harness.Log.HighWatermarkAhead = 7;
        const string Notice = "7 offsets from 20 on are held back by an open transaction";
        await Eventually.TrueAsync("a notice", () => harness.First.Notice?.StartsWith(Notice, StringComparison.Ordinal) == true);
        await Eventually.TrueAsync("stale", () => !harness.Board.IsCaughtUp);
        Assert.Equal(7, harness.First.HeldBack);

        harness.Log.HighWatermarkAhead = 0;
        await Eventually.TrueAsync("no more", () => harness.Board.IsCaughtUp && harness.First is { Notice: null, HeldBack: 0 });
    }

    private static PartitionDescription At(long end) => new(new TopicDescription("transactions", 1, "id"), 0, end, end);

    [Fact]
    public async Task A_node_that_falls_behind_a_log_that_grows_is_not_caught_up()
    {
        await using var harness = await SourceHarness.CreateAsync(
            _folder,
            SourceHarness.Quick with { StaleEvents = 100, DeliveryTimeout = TimeSpan.FromMinutes(5) });
        harness.Start();
        await harness.CaughtUpAsync();
        harness.Faults.Passes = _ => false;
        await harness.Events.AppendAsync(Events.Random(7, 2000, cards: 4000));
        await Eventually.TrueAsync("stale", () => !harness.Board.IsCaughtUp, () => harness.First.ToString());
        Assert.Contains(
            harness.Board.All,
            source => source is { State: PartitionState.CatchingUp } && source.EndOffset - source.NextOffset > 100);
        Assert.True(harness.Board.IsReady);
    }

    [Fact]
    public async Task A_commit_that_fails_makes_nothing_stale_and_is_reported()
    {
        using var lines = new CapturedLog();
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick, lines: lines);
        await harness.Events.AppendAsync(Events.Random(8, 100));
        harness.Log.CommitFault = new EventLogException("the coordinator does not answer", retriable: true);
        harness.Start();
        await Eventually.TrueAsync(
            "notices",
            () => harness.Board.All.Count(
                source => source.Notice?.Contains("the coordinator does not answer", StringComparison.Ordinal) == true) == 4);
        await harness.CaughtUpAsync();
        Assert.True(harness.First.CommitFailures > 0);

        harness.Log.CommitFault = null;
        await Eventually.TrueAsync("committed", () => harness.Board.All.All(source => source.Notice is null));
        await LinesAsync("its offsets are not committed");
        await LinesAsync("its offsets are committed again");

        Task LinesAsync(string text) =>
            Eventually.TrueAsync(text, () => lines.Lines.Count(line => line.Contains(text, StringComparison.Ordinal)) == 4);
    }

    [Fact]
    public async Task A_commit_that_hangs_makes_nothing_stale()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        using var hanging = new SemaphoreSlim(0);
        harness.Log.BeforeCommit = hanging.WaitAsync;
        await harness.Events.AppendAsync(Events.Random(9, 100));
        harness.Start();
        await Eventually.TrueAsync("hangs", () => !harness.Log.Committed.IsEmpty);
        await harness.Events.AppendAsync(Events.Random(10, 100));
        await harness.CaughtUpAsync();
        var looks = harness.Log.Descriptions;
        await Eventually.TrueAsync("looks go on", () => harness.Log.Descriptions > looks + 8);
        Assert.True(harness.Board.IsCaughtUp);
        harness.Log.BeforeCommit = null;
        hanging.Release(100);
    }
}
