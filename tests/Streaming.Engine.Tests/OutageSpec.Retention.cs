using Streaming.Features.Events;
using Streaming.Log;
using Streaming.Persistence.Conformance;

namespace Streaming.Engine.Tests;

/// <content>Events and topics that are deleted while a node runs.</content>
public sealed partial class OutageSpec
{
    [Fact]
    public async Task Events_deleted_by_retention_are_reported_and_pause_nothing()
    {
        var settings = SourceHarness.Quick with { Partitions = SourceHarness.Quick.Partitions.SetItem("transactions", 1) };
        await using var harness = await SourceHarness.CreateAsync(_folder, settings);
        for (var i = 0; i < 5; i++)
        {
            await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("c", Events.Start + i)));
        }

        harness.Log.Beginning = 3;
        harness.Start();
        await Eventually.TrueAsync(
            "live",
            () => harness.First is { State: PartitionState.Live, NextOffset: 5 },
            () => harness.First.ToString());
        Assert.StartsWith("3 offsets, 0 to 2, are gone", harness.First.Notice, StringComparison.Ordinal);
        Assert.NotNull(harness.First.NoticedAt);
        Assert.Equal(2, harness.First.Applied);

        // Two events are not the days that the windows look back.
        Assert.Equal(Events.Start, harness.First.HistoryFrom.Millis);
        Assert.Equal(harness.First.HistoryFrom, harness.Board.HistoryFrom);
        Assert.Contains("from a log that begins at", harness.First.Notice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_log_lacked_is_told_after_a_restart_from_snapshots_too()
    {
        var (settings, store) = (SourceHarness.Quick with { Partitions = SourceHarness.Quick.Partitions.SetItem("transactions", 1) }, new MemoryStore());
        await using (var harness = await SourceHarness.CreateAsync(_folder, settings, store: store))
        {
            await harness.Events.AppendAsync([.. Enumerable.Range(0, 5).Select(i => Events.Transaction("c", Events.Start + i))]);
            harness.Log.Beginning = 3;
            harness.Start();
            await Eventually.TrueAsync("durable", () => harness.First is { RestartOffset: 5 }, () => harness.First.ToString());
        }

        await using var restarted = await SourceHarness.CreateAsync(_folder, settings, store: store);
        restarted.Log.Beginning = 3;
        restarted.Start();
        await restarted.CaughtUpAsync();
        Assert.Equal((0, Events.Start + 3), (restarted.First.Applied, restarted.First.HistoryFrom.Millis));
        Assert.Contains("from a log that begins at", restarted.First.Notice, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_log_that_reaches_far_enough_back_is_no_short_history()
    {
        var settings = SourceHarness.Quick with { Partitions = SourceHarness.Quick.Partitions.SetItem("transactions", 1) };
        await using var harness = await SourceHarness.CreateAsync(_folder, settings);
        var span = Features.Plans.SourceSpan.Of(TestFeatures.Catalog)["transactions"].Millis!.Value;
        foreach (var at in new[] { 0, 1, 2, span + 1, span + 2 })
        {
            await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("c", Events.Start + at)));
        }

        harness.Log.Stamp = offset => Events.Start + (offset < 3 ? offset : span + offset - 2);
        harness.Log.Beginning = 2;
        harness.Start();
        await Eventually.TrueAsync(
            "short",
            () => harness.First is { State: PartitionState.Live, NextOffset: 5 },
            () => harness.First.ToString());
        Assert.Equal(EventTime.None, harness.First.HistoryFrom);
        Assert.DoesNotContain("from a log that begins at", harness.First.Notice, StringComparison.Ordinal);

        // From the first record to the newest event it is exactly the span; a millisecond less would be too little.
        Assert.Equal(span, harness.First.Watermark.Millis - (Events.Start + 2));
    }

    [Fact]
    public async Task Events_deleted_after_they_were_read_count_also_after_a_loss()
    {
        var settings = SourceHarness.Quick with { Partitions = SourceHarness.Quick.Partitions.SetItem("transactions", 1) };
        await using var harness = await SourceHarness.CreateAsync(_folder, settings);
        for (var i = 0; i < 41; i++)
        {
            await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("c", Events.Start + i)));
        }

        harness.Start();
        await harness.CaughtUpAsync();
        harness.Log.Beginning = 31;
        harness.Log.FaultFrom = 42;
        harness.Log.ReadFault = new EventLogException("checksum", retriable: false);
        await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("c", Events.Start + 41)));
        await PausedAsync(harness, "checksum");
        harness.Log.ReadFault = null;
        await harness.CaughtUpAsync();
        Assert.Equal(42.0, (await harness.ReadAsync("card", "c", Events.Start + 41))![0].Number);
        Assert.Null(harness.First.Notice);

        await Eventually.TrueAsync("durable", () => harness.First.RestartOffset == 42, () => harness.First.ToString());
        var lost = harness.Find("card", "c")!;
        lost.Actor.Tell(Akka.Actor.Kill.Instance, Akka.Actor.ActorRefs.NoSender);
        await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("c", Events.Start + 42)));
        await harness.CaughtUpAsync();
        Assert.Equal(43.0, (await harness.ReadAsync("card", "c", Events.Start + 42))![0].Number);
        Assert.Null(harness.First.Notice);
    }

    [Fact]
    public async Task A_topic_that_is_recreated_while_it_is_read_pauses_and_gets_no_commits()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        await harness.Events.AppendAsync(Events.Random(4, 200, cards: 1));
        harness.Start();
        await harness.CaughtUpAsync();
        harness.Log.Identity = "another";

        await Eventually.TrueAsync(
            "paused",
            () => harness.Board.All.All(source => source.Reason?.Contains("created again", StringComparison.Ordinal) == true));
        Assert.False(harness.Board.IsCaughtUp);
        var commits = harness.Log.Committed.Count;
        await harness.Events.AppendAsync(Events.Random(5, 200));
        var looks = harness.Log.Descriptions;
        await Eventually.TrueAsync("four more ticks", () => harness.Log.Descriptions > looks + 16);
        Assert.Equal(commits, harness.Log.Committed.Count);

        harness.Log.Identity = null;
        await AssertWholeAsync(harness);
    }
}
