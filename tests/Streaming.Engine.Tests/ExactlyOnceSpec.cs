using System.Collections.Concurrent;
using Akka.Actor;
using Microsoft.Extensions.Time.Testing;
using Streaming.Engine.Deliveries;
using Streaming.Engine.Regions;

namespace Streaming.Engine.Tests;

public sealed class ExactlyOnceSpec : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true, false, 1)]
    [InlineData(false, false, 2)]
    [InlineData(true, true, 1)]
    [InlineData(false, true, 2)]
    public async Task Features_equal_nested_loops_over_the_log(bool direct, bool bytes, int seed)
    {
        var settings = SourceHarness.Quick with { DirectDelivery = direct };
        await using var harness = await SourceHarness.CreateAsync(_folder, settings, bytes: bytes);
        var events = Events.Random(seed, 4000);
        await harness.Events.AppendAsync(events.Take(2500));
        harness.Start();
        foreach (var live in events.Skip(2500).Chunk(50))
        {
            await harness.Events.AppendAsync(live);
        }

        await harness.CaughtUpAsync();

        var naive = await harness.NaiveAsync();
        Assert.Null(await harness.DiffersAsync(naive));
        Assert.Empty(await harness.DeadLettersAsync());
        Assert.Equal(4000, harness.Board.All.Sum(source => source.Applied));
        Assert.True(harness.Board.All.Sum(source => source.Late) > 0);
    }

    [Theory]
    [InlineData(true, false, 3)]
    [InlineData(false, false, 4)]
    [InlineData(true, true, 3)]
    [InlineData(false, true, 4)]
    public async Task Entities_that_crash_in_mid_stream_are_rebuilt_completely(bool direct, bool bytes, int seed)
    {
        var settings = SourceHarness.Quick with { DirectDelivery = direct };
        await using var harness = await SourceHarness.CreateAsync(_folder, settings, bytes: bytes);
        var (random, crashes) = (new Random(seed), 0);
        harness.Start();
        foreach (var chunk in Events.Random(seed, 3000).Chunk(100))
        {
            await harness.Events.AppendAsync(chunk);
            if (random.Next(4) == 0)
            {
                // The one stops, the other restarts and keeps its mailbox.
                var (card, terminal) = (chunk[0].CardId, chunk[1].TerminalId);
                await Eventually.TrueAsync(
                    "both are there",
                    () => harness.Find("card", card) is not null && harness.Find("terminal", terminal) is not null);
                harness.Find("card", card)?.Actor.Tell(Kill.Instance);
                Crash.Restart(harness.Find("terminal", terminal)!);
                crashes++;
            }
        }

        var naive = await harness.NaiveAsync();
        var difference = "nothing was read";
        await Eventually.TrueAsync(
            "as the naive features",
            async () => (difference = await harness.DiffersAsync(naive)) is null,
            () => $"{difference}, seed {seed}");
        await harness.CaughtUpAsync();
        Assert.Empty(await harness.DeadLettersAsync());
        Assert.True(crashes > 3);
    }

    [Fact]
    public async Task An_entity_lost_after_its_last_event_gets_the_events_of_every_partition_again()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        await harness.Events.AppendAsync(Events.Random(5, 1000, terminals: 1));
        harness.Start();
        await harness.CaughtUpAsync();
        var naive = await harness.NaiveAsync();
        Assert.Null(await harness.DiffersAsync(naive));

        harness.Find("terminal", "terminal-0")!.Actor.Tell(Kill.Instance);

        await Eventually.TrueAsync("whole again", async () => await harness.DiffersAsync(naive) is null);
    }

    [Theory]
    [InlineData(6, false)]
    [InlineData(7, false)]
    [InlineData(7, true)]
    public async Task Lost_deliveries_are_repeated_and_nothing_is_applied_twice(int seed, bool bytes)
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick with { DirectDelivery = false }, time: time, bytes: bytes);
        await harness.Events.AppendAsync(Events.Random(seed, 2000));
        var random = new Random(seed);
        var losses = 20;
        harness.Faults.Passes = _ =>
        {
            lock (random)
            {
                return random.Next(10) > 0 || losses-- <= 0;
            }
        };
        harness.Start();
        var ends = await harness.EndsAsync();
        await Eventually.TrueAsync(
            "caught up",
            () =>
            {
                // A read that waits for a lost delivery waits for this clock alone; one that is merely slow begins again, to no harm.
                var done = harness.IsAt(ends);
                if (!done && harness.IsStuck())
                {
                    time.Advance(SourceHarness.Quick.DeliveryTimeout);
                }

                return done;
            },
            () => string.Join(Environment.NewLine, harness.Board.All));

        Assert.True(losses <= 0);
        Assert.Null(await harness.DiffersAsync(await harness.NaiveAsync()));
    }

    [Fact]
    public async Task A_source_that_reads_again_is_catching_up()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        harness.Start();
        await harness.CaughtUpAsync();
        await harness.Events.AppendAsync(Events.Random(8, 1000));
        await harness.CaughtUpAsync();
        var held = true;
        harness.Faults.Passes = delivery => !Volatile.Read(ref held) || delivery.PreviousOffset < 0;

        harness.Find("card", "card-0")!.Actor.Tell(Kill.Instance);

        await Eventually.TrueAsync("catching up", () => !harness.Board.IsCaughtUp && !harness.Board.IsReady);
        Volatile.Write(ref held, false);
        await harness.CaughtUpAsync();
        Assert.Null(await harness.DiffersAsync(await harness.NaiveAsync()));
    }

    [Fact]
    public async Task A_lost_entity_is_never_read_as_fresh_even_before_its_sources_know()
    {
        // No flush comes in time, so the entity has events that no snapshot has.
        var settings = SourceHarness.Quick with { CheckpointInterval = TimeSpan.FromHours(1) };
        await using var harness = await SourceHarness.CreateAsync(_folder, settings);
        await harness.Events.AppendAsync(Events.Random(9, 1000, terminals: 1));
        harness.Start();
        await harness.CaughtUpAsync();
        var naive = await harness.NaiveAsync();
        var told = new ConcurrentQueue<(bool IsCaughtUp, bool IsThere)>();
        var lost = harness.Find("terminal", "terminal-0")!;
        harness.BeforeLost(() => told.Enqueue((harness.Board.IsCaughtUp, harness.Find("terminal", "terminal-0") == lost)));

        lost.Actor.Tell(Kill.Instance);

        await Eventually.TrueAsync("every source is told", () => told.Count >= 4);
        Assert.All(told.Take(4), first => Assert.Equal((false, false), first));
        await harness.CaughtUpAsync();
        Assert.Null(await harness.DiffersAsync(naive));
    }

    [Fact]
    public async Task A_key_that_looks_like_a_keeper_is_an_entity()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick);
        harness.Start();
        await harness.Events.AppendAsync(Events.Transaction("$keeper/0", Events.Start), Events.Transaction("$", Events.Start));
        await harness.CaughtUpAsync();

        Assert.Equal(1.0, (await harness.ReadAsync("card", "$keeper/0", Events.Start))![0].Number);
        Assert.Equal(1.0, (await harness.ReadAsync("card", "$", Events.Start))![0].Number);
        Assert.Null(EntityMessageExtractor.KeeperOf(EntityId.Of("$keeper/0"u8)));
    }
}
