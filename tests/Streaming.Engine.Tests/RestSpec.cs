using Akka.Actor;
using Streaming.Engine.Deliveries;
using Streaming.Persistence.Conformance;

namespace Streaming.Engine.Tests;

/// <summary>Entities that are idle rest in memory, packed and without an actor, and nobody can tell by the features.</summary>
public sealed class RestSpec : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly MemoryStore _store = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>They rest as soon as they are written, are read and sent to meanwhile, and some crash.</summary>
    [Theory]
    [InlineData(21, true, false)]
    [InlineData(22, true, true)]
    [InlineData(23, false, false)]
    public async Task Entities_that_rest_between_their_events_lose_and_double_nothing(int seed, bool direct, bool bytes)
    {
        var settings = SourceHarness.Quick with { RestAfter = TimeSpan.FromMilliseconds(1), DirectDelivery = direct };
        await using var harness = await SourceHarness.CreateAsync(_folder, settings, store: _store, bytes: bytes);
        var random = new Random(seed);
        _store.Delay = async _ => await Task.Yield();
        harness.Start();
        var rested = 0;
        foreach (var chunk in Events.Random(seed, 3000, cards: 100).Chunk(60))
        {
            await harness.Events.AppendAsync(chunk);
            rested += harness.Find("card", chunk[0].CardId) is null ? 1 : 0;
            if (random.Next(5) == 0 && harness.Find("card", chunk[^1].CardId) is { } card)
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
        await Eventually.TrueAsync("all rest", () => naive.Cards.All(card => harness.Find("card", card) is null));
        Assert.True(rested > 0);
    }

    [Fact]
    public async Task What_rests_is_read_without_the_store_and_comes_back_with_its_next_event()
    {
        await using var engine = await RunningEngine.StartAsync(_folder, TestFeatures.Catalog, direct: true, store: _store);
        await engine.Events.AppendAsync(Events.Random(7, 2000, cards: 50));
        await engine.AppliedAsync(2000);
        await engine.Engine.SettleAsync().WaitAsync(TimeSpan.FromSeconds(30));
        var naive = await engine.NaiveAsync();
        var before = engine.Engine.Memory;
        _store.Outage = "gone";

        Assert.Null(await engine.DiffersAsync(naive));

        Assert.True(engine.Engine.Memory.Recalled > before.Recalled, $"{engine.Engine.Memory}");
        Assert.Equal(before.Entities, engine.Engine.Memory.Entities);
        await engine.Events.AppendAsync(Events.Random(8, 500, cards: 50));
        await engine.AppliedAsync(2500);
        Assert.Null(await engine.DiffersAsync(await engine.NaiveAsync()));
    }

    [Fact]
    public async Task A_node_whose_store_is_away_does_not_wait_until_all_rests()
    {
        await using var engine = await RunningEngine.StartAsync(_folder, TestFeatures.Catalog, direct: true, store: _store);
        await engine.AppliedAsync(0);
        _store.Outage = "gone";
        await engine.Events.AppendAsync(Events.Random(9, 500, cards: 50));

        await engine.Engine.SettleAsync().WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Null(await engine.DiffersAsync(await engine.NaiveAsync()));
    }

    [Fact]
    public void What_was_used_within_the_time_does_not_rest()
    {
        var clock = new Microsoft.Extensions.Time.Testing.FakeTimeProvider();
        var residency = new Residency(1, 1, TimeSpan.FromSeconds(30), clock);
        Assert.True(residency.RestUpTo < residency.Now, "before the first turn");
        residency.Advance();
        var used = residency.Now;
        clock.Advance(TimeSpan.FromSeconds(29));
        residency.Advance();
        Assert.True(residency.RestUpTo < used);
        clock.Advance(TimeSpan.FromSeconds(1));
        residency.Advance();
        Assert.True(residency.RestUpTo < used, "it may have been used at the end of that turn");
        clock.Advance(TimeSpan.FromSeconds(29));
        residency.Advance();
        Assert.Equal(used, residency.RestUpTo);
    }
}
