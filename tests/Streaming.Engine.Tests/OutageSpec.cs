using System.Diagnostics;
using Streaming.Contracts.Events;
using Streaming.Contracts.Registry;
using Streaming.Log;

namespace Streaming.Engine.Tests;

public sealed class OutageSpec : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_registry_that_is_away_pauses_the_partition_and_costs_no_event()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        harness.Registry.Answer = new RegistryResult<Avro.Schema>.Unavailable("nobody answers", null);
        await harness.Events.AppendAsync(Events.Random(1, 500));
        harness.Start();

        await Eventually.TrueAsync("paused", () => harness.Board.All.Count(IsPaused("schema registry: nobody answers")) == 4, () => harness.First.ToString());
        Assert.False(harness.Board.IsCaughtUp);
        Assert.All(harness.Board.All, source => Assert.Equal((0, 0), (source.NextOffset, source.DeadLettered)));

        harness.Registry.Answer = null;
        await AssertWholeAsync(harness);
    }

    [Fact]
    public async Task A_schema_that_is_no_avro_is_the_events_fault_and_no_outage()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        harness.Registry.Answer = new RegistryResult<Avro.Schema>.Rejected(RegistryRejection.InvalidSchema, "it is PROTOBUF");
        await harness.Events.AppendAsync(Events.Transaction("c", Events.Start));
        harness.Start();
        await harness.CaughtUpAsync();

        Assert.Equal(DeadLetterReason.IncompatibleSchema, Assert.Single(await harness.DeadLettersAsync()).Reason);
    }

    [Fact]
    public async Task A_log_that_is_away_pauses_the_partition_until_it_answers_though_no_event_comes()
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
    public async Task Dead_letters_that_cannot_be_written_hold_the_partition()
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
    public async Task A_fault_deep_in_the_log_is_tried_again_with_growing_waits()
    {
        var settings = SourceHarness.Quick with { RetryBackoff = TimeSpan.FromMilliseconds(40), RetryBackoffMax = TimeSpan.FromSeconds(10) };
        await using var harness = await SourceHarness.CreateAsync(_folder, settings with { Partitions = settings.Partitions.SetItem("transactions", 1) });
        await harness.Events.AppendAsync(Events.Random(3, 300));
        harness.Log.ReadFault = new EventLogException("checksum", retriable: false);
        harness.Log.FaultFrom = 200;
        harness.Start();
        await Eventually.TrueAsync("five tries", () => Failures(harness.Log).Length >= 5, () => harness.First.ToString());

        await Eventually.TrueAsync("paused", () => harness.First is { State: PartitionState.Paused, Reason: "checksum" }, () => harness.First.ToString());
        var failures = Failures(harness.Log);
        foreach (var (wait, attempt) in Enumerable.Range(1, 4).Select(i => (Stopwatch.GetElapsedTime(failures[i - 1], failures[i]), i)))
        {
            // The first waits 40 ms, each later one twice as long; timers have ticks of some 10 ms.
            Assert.True(wait.TotalMilliseconds >= (20 << attempt) - 15, $"try {attempt} came after {wait.TotalMilliseconds:F0} ms");
        }

        harness.Log.ReadFault = null;
        await AssertWholeAsync(harness);
    }

    [Fact]
    public async Task A_topic_that_was_made_anew_is_a_reason_to_pause()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        await harness.Events.AppendAsync(Events.Random(4, 200, cards: 1));
        harness.Start();
        await harness.CaughtUpAsync();
        harness.Log.Identity = "another";

        harness.Find("card", "card-0")!.Actor.Tell(Akka.Actor.Kill.Instance, Akka.Actor.ActorRefs.NoSender);
        await Eventually.TrueAsync("paused", () => harness.Board.All.Any(source => source.Reason?.Contains("made again", StringComparison.Ordinal) == true));

        harness.Log.Identity = null;
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

        var clock = Stopwatch.StartNew();
        await harness.StopSourcesAsync();
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(3));
        Assert.Equal(0, harness.Log.OpenReaders);
    }

    private static Func<PartitionStatus, bool> IsPaused(string reason) => source => source.State == PartitionState.Paused && source.Reason == reason;

    private static async Task AssertWholeAsync(SourceHarness harness)
    {
        await harness.CaughtUpAsync();
        var naive = await harness.NaiveAsync();
        await Eventually.TrueAsync("whole", async () => await harness.DiffersAsync(naive) is null);
        Assert.All(harness.Board.All, source => Assert.Null(source.Reason));
    }

    private static long[] Failures(FaultyLog log)
    {
        lock (log.Failures)
        {
            return [.. log.Failures];
        }
    }
}
