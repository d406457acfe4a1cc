using Microsoft.Extensions.Time.Testing;
using Streaming.Contracts.Registry;
using Streaming.Log;

namespace Streaming.Engine.Tests;

public sealed partial class OutageSpec : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_unavailable_log_pauses_the_partition_until_it_recovers_even_without_new_events()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        await harness.Events.AppendAsync(Events.Random(2, 500));
        harness.Start();
        await harness.CaughtUpAsync();

        // The read that waits at the end is let go by one more event.
        harness.Log.ReadFault = new EventLogException("no broker", retriable: true);
        await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("one-more", Events.Start)), Events.Start);
        await Eventually.TrueAsync("paused", () => harness.Board.All.Any(IsPaused("event log: no broker")), () => harness.First.ToString());
        Assert.False(harness.Board.IsCaughtUp);

        harness.Log.ReadFault = null;
        await AssertWholeAsync(harness);
    }

    [Fact]
    public async Task A_tick_that_fails_pauses_the_partition_until_one_succeeds()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        await harness.Events.AppendAsync(Events.Random(2, 100));
        harness.Start();
        await harness.CaughtUpAsync();

        harness.Log.TickFault = new EventLogException("all brokers are down", retriable: true);
        await PausedAsync(harness, "end of the log: all brokers are down");
        Assert.False(harness.Board.IsCaughtUp);

        // What it knows it still knows.
        Assert.True(harness.Board.IsReady);

        // However often it is told again, it is paused since it was first.
        var since = harness.First.PausedSince;
        Assert.NotNull(since);
        harness.Log.TickFault = new EventLogException("still no broker", retriable: true);
        await PausedAsync(harness, "end of the log: still no broker");
        Assert.Equal(since, harness.First.PausedSince);

        harness.Log.TickFault = null;
        await AssertWholeAsync(harness);
    }

    [Fact]
    public async Task An_outage_of_the_log_is_one_line_for_all_partitions_and_one_after_recovery()
    {
        using var lines = new CapturedLog();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick, time: time, lines: lines);
        await harness.Events.AppendAsync(Events.Transaction("c", Events.Start));
        harness.Start();
        await harness.CaughtUpAsync();

        harness.Log.TickFault = new EventLogException("all brokers are down", retriable: true);
        await AllPausedAsync();
        time.Advance(SourceHarness.Quick.RetryBackoffMax);
        await LinesAsync("4 partitions (transactions: 4) are paused, nothing is dropped: end of the log: all brokers are down");

        // What comes and goes again meanwhile is the same outage.
        harness.Log.TickFault = null;
        await harness.CaughtUpAsync();
        harness.Log.TickFault = new EventLogException("all brokers are down again", retriable: true);
        await AllPausedAsync();
        time.Advance(SourceHarness.Quick.RetryBackoffMax);
        harness.Log.TickFault = null;
        await harness.CaughtUpAsync();
        Assert.Single(lines.Lines);
        time.Advance(SourceHarness.Quick.RetryBackoffMax);
        await LinesAsync(
            "4 partitions (transactions: 4) are paused, nothing is dropped: end of the log: all brokers are down",
            "4 partitions (transactions: 4) resume: the event log is available again");

        Task AllPausedAsync() => Eventually.TrueAsync(
            "all paused",
            () => harness.Board.All.Count(IsPaused("all brokers are down")) == 4,
            () => harness.First.ToString());
        Task LinesAsync(params string[] expected) => Eventually.TrueAsync(
            $"{expected.Length} lines",
            () => lines.Lines is { } all
                && all.Length == expected.Length
                && all.Zip(expected).All(pair => pair.First.TrimEnd().EndsWith(pair.Second, StringComparison.Ordinal)),
            () => string.Join(Environment.NewLine, lines.Lines));
    }

    [Fact]
    public async Task A_partition_paused_for_its_own_reason_has_its_own_line_also_during_an_outage_of_the_log()
    {
        using var lines = new CapturedLog();
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick, time: time, lines: lines);
        harness.Log.AppendFault = new EventLogException("not authorized", retriable: false);
        await harness.Events.AppendRawAsync([9]);
        harness.Start();
        await PausedAsync(harness, "dead letters: not authorized");
        harness.Log.TickFault = new EventLogException("all brokers are down", retriable: true);
        await Eventually.TrueAsync(
            "all paused",
            () => harness.Board.All.Count(IsPaused("all brokers are down")) == 4,
            () => harness.First.ToString());
        time.Advance(SourceHarness.Quick.RetryBackoffMax);
        await LineAsync("transactions[0] is paused, nothing is dropped: dead letters: not authorized");
        await LineAsync("4 partitions (transactions: 4) are paused, nothing is dropped: end of the log: all brokers are down");

        harness.Log.TickFault = null;
        await Eventually.TrueAsync(
            "none paused by the log",
            () => !harness.Board.All.Any(IsPaused("all brokers are down")),
            () => harness.First.ToString());
        Assert.Equal(PartitionState.Paused, harness.First.State);
        time.Advance(SourceHarness.Quick.RetryBackoffMax);
        await LineAsync("4 partitions (transactions: 4) resume: the event log is available again");
        Assert.DoesNotContain(lines.Lines, line => line.Contains("transactions[0] resumes", StringComparison.Ordinal));

        harness.Log.AppendFault = null;
        await Eventually.TrueAsync("all live", () => FiredAnd(harness.Board.IsCaughtUp), () => harness.First.ToString());
        await LineAsync("transactions[0] resumes: dead letters available again");

        // The hold tries again when its wait is over.
        bool FiredAnd(bool condition)
        {
            time.Advance(SourceHarness.Quick.RetryBackoffMax);
            return condition;
        }

        Task LineAsync(string text) => Eventually.TrueAsync(
            text,
            () => lines.Lines.Count(line => line.Contains(text, StringComparison.Ordinal)) == 1,
            () => string.Join(Environment.NewLine, lines.Lines));
    }

    [Fact]
    public async Task A_dead_letter_that_the_log_refuses_pauses_the_partition_and_ends_no_run()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        harness.Log.AppendFault = new EventLogException("not authorized", retriable: false);
        await harness.Events.AppendRawAsync([9]);
        harness.Start();
        await PausedAsync(harness, "dead letters: not authorized");

        harness.Log.AppendFault = null;
        await harness.CaughtUpAsync();
        Assert.Single(await harness.DeadLettersAsync());
    }

    [Fact]
    public async Task A_commit_never_moves_back_the_offset_of_another_node()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        var first = new TopicPartition("transactions", 0);
        for (var i = 0; i < 5; i++)
        {
            await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("c", Events.Start + i)));
        }

        harness.Log.ReadFault = new EventLogException("checksum", retriable: false);
        harness.Log.FaultFrom = 0;
        harness.Start();
        await PausedAsync(harness, "checksum");
        await harness.Log.CommitAsync("streaming", first, 5, CancellationToken.None);
        harness.Log.Committed.Clear();
        harness.Log.ReadFault = null;
        await harness.CaughtUpAsync();
        await harness.StopSourcesAsync();

        Assert.DoesNotContain(harness.Log.Committed, commit => commit is ("streaming", _, _) && commit.Partition == first);
        Assert.Equal(5, await harness.Log.CommittedOffsetAsync("streaming", first, CancellationToken.None));
    }

    [Fact]
    public async Task Dead_letters_that_cannot_be_written_pause_the_partition()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        harness.Log.AppendFault = new EventLogException("disk full", retriable: true);
        await harness.Events.AppendRawAsync([9]);
        await harness.Events.AppendRawAsync(harness.Events.Bytes(Events.Transaction("c", Events.Start)));
        harness.Start();
        await Eventually.TrueAsync("paused", () => IsPaused("dead letters: disk full")(harness.First), () => harness.First.ToString());
        Assert.Null(harness.Find("card", "c"));

        harness.Log.AppendFault = null;
        await harness.CaughtUpAsync();
        Assert.Single(await harness.DeadLettersAsync());
        Assert.NotNull(harness.Find("card", "c"));
    }

    [Fact]
    public async Task A_fault_of_the_log_is_retried_until_it_is_fixed()
    {
        var settings = SourceHarness.Quick;
        await using var harness = await SourceHarness.CreateAsync(
            _folder,
            settings with { Partitions = settings.Partitions.SetItem("transactions", 1) });
        await harness.Events.AppendAsync(Events.Random(3, 300));
        harness.Log.ReadFault = new EventLogException("checksum", retriable: false);
        harness.Log.FaultFrom = 200;
        harness.Start();
        await Eventually.TrueAsync("three tries", () => harness.Log.Failures >= 3, () => harness.First.ToString());
        await Eventually.TrueAsync("paused", () => IsPaused("last run: checksum")(harness.First), () => harness.First.ToString());

        harness.Log.ReadFault = null;
        await AssertWholeAsync(harness);
    }

    [Fact]
    public async Task Sources_stop_at_once_while_they_are_paused()
    {
        var settings = SourceHarness.Quick with { RetryBackoff = TimeSpan.FromMinutes(1), RetryBackoffMax = TimeSpan.FromMinutes(1) };
        await using var harness = await SourceHarness.CreateAsync(_folder, settings);
        harness.Registry.Answer = new RegistryResult<Avro.Schema>.Unavailable("away", null);
        await harness.Events.AppendAsync(Events.Transaction("c", Events.Start));
        harness.Start();
        await Eventually.TrueAsync("paused", () => harness.Board.All.Any(source => source.State == PartitionState.Paused));

        // A source that waited for its minute would be given up, with its reader open.
        await harness.StopSourcesAsync();
        Assert.Equal(0, harness.Log.OpenReaders);
    }

    private static Func<PartitionStatus, bool> IsPaused(string reason) =>
        source => source.State == PartitionState.Paused && source.Reason!.Contains(reason, StringComparison.Ordinal);

    private static async Task AssertWholeAsync(SourceHarness harness)
    {
        await harness.CaughtUpAsync();
        var naive = await harness.NaiveAsync();
        await Eventually.TrueAsync("whole", async () => await harness.DiffersAsync(naive) is null);
        Assert.All(harness.Board.All, source => Assert.Null(source.Reason ?? source.PausedSince?.ToString()));
    }

    private static Task PausedAsync(SourceHarness harness, string reason) =>
        Eventually.TrueAsync($"paused by {reason}", () => IsPaused(reason)(harness.First), () => harness.First.ToString());
}
