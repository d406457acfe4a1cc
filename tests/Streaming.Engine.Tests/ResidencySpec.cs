using System.Text;
using Akka.Actor;
using Streaming.Features.Plans;
using Streaming.Persistence.Conformance;

namespace Streaming.Engine.Tests;

/// <summary>The ceiling of entities in memory: what leaves, what comes back, and that nobody can tell by the features.</summary>
public sealed class ResidencySpec : IDisposable
{
    private const int Ceiling = 60;
    private const int Cards = 600;
    private readonly TempFolder _folder = new();
    private readonly MemoryStore _store = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true, false, 1)]
    [InlineData(false, false, 2)]
    [InlineData(true, true, 1)]
    [InlineData(false, true, 2)]
    public async Task Ten_times_as_many_keys_as_the_ceiling_have_the_features_of_the_log(bool direct, bool bytes, int seed)
    {
        var events = Events.Random(seed, 6000, Cards);
        await using (var engine = await StartAsync(direct, bytes))
        {
            foreach (var chunk in events.Chunk(500))
            {
                await engine.Events.AppendAsync(chunk);
                await ReadAsync(engine, chunk[0].CardId, chunk[^1].CardId);
            }

            await engine.AppliedAsync(events.Count);
            var naive = await engine.NaiveAsync();
            Assert.Null(await engine.DiffersAsync(naive));
            await BelowCeilingAsync(engine);
            Assert.True(engine.Engine.Memory.Left > Cards, $"{engine.Engine.Memory}");
            await Eventually.TrueAsync(
                "what is read comes back",
                async () =>
                {
                    await ReadAsync(engine, [.. naive.Cards]);
                    return engine.Engine.Memory.Recalled > 0;
                },
                () => engine.Engine.Memory.ToString());

            // Of all that is here, actors and snapshots, nothing was forgotten.
            await Eventually.TrueAsync(
                "counted",
                () => engine.Engine.Memory.Entities == engine.Engine.Entities.Sum(entity => entity.Count),
                () => engine.Engine.Memory.ToString());
            Assert.Null(await engine.DiffersAsync(naive));
        }

        await using var second = await StartAsync(direct, bytes);
        await second.AppliedAsync(events.Count);
        Assert.Null(await second.DiffersAsync(await second.NaiveAsync()));
        await BelowCeilingAsync(second);
    }

    /// <summary>What no snapshot has cannot leave: sources wait, and go on when the store is back.</summary>
    [Fact]
    public async Task While_the_store_is_away_sources_wait_before_memory_grows()
    {
        // A source that waits has decoded one more read, and has others in flight; each brings a card for an event at the most.
        const int Partitions = 4, Terminals = 9;
        var reads = Partitions * (SourceHarness.Quick.ReadsInFlight + 2);
        var most = (1.1 * Ceiling) + Terminals + (reads * RunningEngine.RecordsPerRead);
        var events = Events.Random(3, 12_000, 12_000);
        Assert.True(events.DistinctBy(transaction => transaction.CardId).Count() > 1.5 * most);
        await using var engine = await StartAsync();
        await engine.AppliedAsync(0);
        _store.Outage = "gone";
        var appending = engine.Events.AppendAsync(events);
        await Eventually.TrueAsync(
            "all sources wait", () => engine.Engine.Memory.WaitingSources == Partitions, () => engine.Engine.Memory.ToString());
        Assert.InRange(engine.Engine.Memory.Entities, 0, most);

        _store.Outage = null;
        await appending;
        await engine.AppliedAsync(events.Count);
        Assert.Null(await engine.DiffersAsync(await engine.NaiveAsync()));
    }

    [Fact]
    public async Task A_key_that_is_only_read_takes_no_memory()
    {
        await using var engine = await StartAsync();
        await engine.Events.AppendAsync(Events.Random(4, 4000, Cards));
        await engine.AppliedAsync(4000);
        await BelowCeilingAsync(engine);
        var before = engine.Engine.Memory;

        await ReadAsync(engine, [.. Enumerable.Range(0, 500).Select(number => $"unknown-{number}")]);

        Assert.Equal(before.Recalled, engine.Engine.Memory.Recalled);
        Assert.InRange(engine.Engine.Memory.Entities, 0, before.Entities);
    }

    /// <summary>A read of an entity whose snapshot cannot be loaded says so, within its time.</summary>
    [Fact]
    public async Task A_read_that_needs_the_store_fails_as_late_while_it_is_away()
    {
        await using var engine = await StartAsync();
        await engine.Events.AppendAsync(Events.Random(5, 4000, Cards));
        await engine.AppliedAsync(4000);
        await BelowCeilingAsync(engine);
        _store.Outage = "gone";

        var failure = await Assert.ThrowsAsync<TimeoutException>(
            () => ReadAsync(engine, [.. Enumerable.Range(0, Cards).Select(number => $"card-{number}")]));

        Assert.Contains("gone", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>Entities leave, crash, are stopped, are sent to directly, and come back, all at once.</summary>
    [Theory]
    [InlineData(11, true, false)]
    [InlineData(12, true, false)]
    [InlineData(13, true, false)]
    [InlineData(14, true, true)]
    [InlineData(15, false, true)]
    public async Task Entities_that_leave_while_others_crash_lose_and_double_nothing(int seed, bool direct, bool bytes)
    {
        var settings = SourceHarness.Quick with { MemoryEntitiesMax = 30, DirectDelivery = direct };
        await using var harness = await SourceHarness.CreateAsync(_folder, settings, store: _store, bytes: bytes);
        var random = new Random(seed);
        _store.Delay = async _ => await Task.Yield();
        harness.Start();
        foreach (var chunk in Events.Random(seed, 3000, cards: 100).Chunk(60))
        {
            await harness.Events.AppendAsync(chunk);
            if (random.Next(3) == 0 && harness.Find("card", chunk[0].CardId) is { } card)
            {
                card.Actor.Tell(random.Next(2) == 0 ? Kill.Instance : PoisonPill.Instance);
            }
        }

        var naive = await harness.NaiveAsync();
        var difference = "nothing was read";
        await Eventually.TrueAsync(
            "as the naive features",
            async () => (difference = await harness.DiffersFromStoredAsync(naive)) is null,
            () => $"{difference}, seed {seed}");
    }

    private static async Task ReadAsync(RunningEngine engine, params string[] cards)
    {
        var plan = engine.Engine.Catalog.FindEntity("card")!.AllFeatures;
        foreach (var card in cards)
        {
            var values = new FeatureValue[plan.OutputLength];
            await engine.Engine.ReadAsync(plan, Encoding.UTF8.GetBytes(card), Events.Start, null, 0, values, CancellationToken.None);
        }
    }

    private static Task BelowCeilingAsync(RunningEngine engine) => Eventually.TrueAsync(
        "below the ceiling", () => engine.Engine.Memory.Entities <= Ceiling, () => engine.Engine.Memory.ToString());

    private Task<RunningEngine> StartAsync(bool direct = true, bool bytes = false) =>
        RunningEngine.StartAsync(_folder, TestFeatures.Catalog, direct, store: _store, entitiesMax: Ceiling, bytes: bytes);
}
