using Akka.Actor;
using Streaming.Persistence.Conformance;
using Streaming.Persistence.Redis;

namespace Streaming.Engine.Tests;

/// <summary>State that survives its process: snapshots, restart points, and what happens when the slots are wrong.</summary>
public sealed partial class CheckpointSpec : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly MemoryStore _store = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true, false, 1)]
    [InlineData(false, false, 2)]
    [InlineData(true, true, 1)]
    [InlineData(false, true, 2)]
    public async Task A_second_engine_goes_on_where_the_slots_are(bool direct, bool bytes, int seed)
    {
        var events = Events.Random(seed, 3000);
        await using (var first = await StartAsync(direct, bytes))
        {
            await first.Events.AppendAsync(events.Take(2000));
            await first.AppliedAsync(2000);
            await DurableAsync(first, 2000);
            var cards = first.Engine.Shards.Where(shard => shard.Entity == "card").ToArray();
            Assert.All(cards, shard => Assert.True(shard is { IsOpen: true, Flush: > 0, Age: not null, Duration: not null }, shard.ToString()));
            Assert.True(cards.Sum(shard => shard.Entities) >= first.Engine.Entities.Single(type => type.Entity == "card").Count);
            Assert.True(cards.Sum(shard => shard.Bytes) > 0);
        }

        await using var second = await StartAsync(direct, bytes);
        await second.Events.AppendAsync(events.Skip(2000));
        await second.AppliedAsync(3000);

        Assert.Null(await second.DiffersAsync(await second.NaiveAsync()));
        Assert.Equal(1000, second.Engine.Partitions.Sum(partition => partition.Applied));
    }

    [Fact]
    public async Task An_engine_whose_slots_are_behind_reads_what_they_lack()
    {
        var events = Events.Random(3, 2000);
        await using (var first = await StartAsync())
        {
            await first.Events.AppendAsync(events.Take(1000));
            await first.AppliedAsync(1000);
            await DurableAsync(first, 1000);
            _store.Outage = "gone";
            await first.Events.AppendAsync(events.Skip(1000));
            await first.AppliedAsync(2000);
            Assert.Null(await first.DiffersAsync(await first.NaiveAsync()));
        }

        _store.Outage = null;
        await using var second = await StartAsync();
        await second.AppliedAsync(2000);

        Assert.Null(await second.DiffersAsync(await second.NaiveAsync()));
        Assert.Equal(1000, second.Engine.Partitions.Sum(partition => partition.Applied));
    }

    /// <summary>A process that ends between two writes of a flush leaves snapshots that the manifest does not vouch for.</summary>
    [Fact]
    public async Task Snapshots_without_their_manifest_are_applied_once()
    {
        var events = Events.Random(4, 2000);
        await using (var first = await StartAsync())
        {
            await first.Events.AppendAsync(events.Take(1000));
            await first.AppliedAsync(1000);
            await DurableAsync(first, 1000);
            var durable = _store.Copy();
            await first.Events.AppendAsync(events.Skip(1000));
            await first.AppliedAsync(2000);
            await DurableAsync(first, 2000);
            _store.Restore(_store.Copy().WithManifestsOf(durable));
        }

        _store.Outage = null;
        await using var second = await StartAsync();
        await second.AppliedAsync(2000);

        Assert.Null(await second.DiffersAsync(await second.NaiveAsync()));
    }

    [Fact]
    public async Task Empty_slots_are_filled_again_from_the_log()
    {
        await using (var first = await StartAsync())
        {
            await first.Events.AppendAsync(Events.Random(7, 1000));
            await first.AppliedAsync(1000);
            await DurableAsync(first, 1000);
        }

        await using var second = await RunningEngine.StartAsync(_folder, TestFeatures.Catalog, direct: true, store: new MemoryStore());
        await second.AppliedAsync(1000);

        Assert.Null(await second.DiffersAsync(await second.NaiveAsync()));
        Assert.Equal(1000, second.Engine.Partitions.Sum(partition => partition.Applied));
    }

    /// <summary>A node that was paused beyond its lease: another has taken its slots, so it may not write, and must not answer.</summary>
    [Fact]
    public async Task An_engine_whose_slot_was_taken_ends()
    {
        await using var first = await StartAsync();
        await first.Events.AppendAsync(Events.Random(8, 500));
        await first.AppliedAsync(500);
        await DurableAsync(first, 500);
        for (var shard = 0; shard < SourceHarness.Quick.Shards; shard++)
        {
            var type = first.Engine.Catalog.FindEntity("card")!;
            var address = new SlotAddress(1, FormattableString.Invariant($"card-{type.Fingerprint:x16}"), shard);
            await new MemoryShardSlots(_store).TakeAsync(address, Guid.NewGuid(), CancellationToken.None);
        }

        await first.Events.AppendAsync(Events.Random(9, 500));

        await Eventually.TrueAsync("ended", () => first.Engine.Fault is not null);
        Assert.Contains("keeper", first.Engine.Fault, StringComparison.Ordinal);
        Assert.False(first.Engine.IsCaughtUp);
    }

    [Fact]
    public async Task An_older_copy_of_the_log_pauses_and_says_so()
    {
        using var backup = new TempFolder();
        foreach (var events in new[] { 500, 1000 })
        {
            await using (var engine = await StartAsync())
            {
                await engine.Events.AppendAsync(Events.Random(events, 500));
                await engine.AppliedAsync(events);
                await DurableAsync(engine, events);
            }

            if (events == 500)
            {
                foreach (var file in Directory.GetFiles(_folder.FullName, "*", SearchOption.AllDirectories))
                {
                    var copy = backup[Path.GetRelativePath(_folder.FullName, file)];
                    Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
                    File.Copy(file, copy);
                }
            }
        }

        await using var restored = await RunningEngine.StartAsync(backup, TestFeatures.Catalog, direct: true, store: _store);
        await Eventually.TrueAsync(
            "paused",
            () => restored.Engine.Partitions.Any(p => p.Reason?.Contains("an older copy of the log", StringComparison.Ordinal) == true),
            () => string.Join(Environment.NewLine, restored.Engine.Partitions));
    }

    [Fact]
    public async Task A_topic_that_was_made_again_is_refused_and_a_new_generation_is_built()
    {
        await using (var first = await StartAsync())
        {
            await first.Events.AppendAsync(Events.Random(14, 300));
            await first.AppliedAsync(300);
            await DurableAsync(first, 300);
        }

        using var other = new TempFolder();
        var refused = await Assert.ThrowsAsync<EngineStartException>(
            () => RunningEngine.StartAsync(other, TestFeatures.Catalog, direct: true, store: _store));
        Assert.Contains("the topic transactions is another one", refused.Message, StringComparison.Ordinal);
        var (prefix, anew) = (refused.Message.IndexOf("streaming.redis.key-prefix", StringComparison.Ordinal), refused.Message.IndexOf("--new-generation", StringComparison.Ordinal));
        Assert.InRange(prefix, 1, anew);
        Assert.Contains("--new-generation", refused.Message, StringComparison.Ordinal);
    }

    /// <summary>After a restart entities have no actors until something touches them; their counts and values are there all the same.</summary>
    [Fact]
    public async Task Entities_that_nothing_touches_after_a_restart_are_read_from_their_snapshots()
    {
        await using (var first = await StartAsync())
        {
            await first.Events.AppendAsync(Events.Random(15, 1000));
            await first.AppliedAsync(1000);
            await DurableAsync(first, 1000);
        }

        await using var second = await StartAsync();
        await second.AppliedAsync(1000);

        Assert.Equal(0, second.Engine.Partitions.Sum(partition => partition.Applied));
        Assert.Null(await second.DiffersAsync(await second.NaiveAsync()));
        Assert.True(second.Engine.Entities.Sum(entity => entity.Count) > 20);
        Assert.True(second.Engine.Entities.Sum(entity => entity.StateBytes) > 1000);
    }

    [Fact]
    public async Task A_store_that_fails_in_an_unknown_way_loses_nothing()
    {
        await using (var first = await StartAsync())
        {
            await first.Events.AppendAsync(Events.Random(16, 500));
            await first.AppliedAsync(500);
            _store.Delay = static _ => throw new InvalidDataException("nonsense");
            await first.Events.AppendAsync(Events.Random(17, 500));
            await first.AppliedAsync(1000);
        }

        _store.Delay = static _ => Task.CompletedTask;
        await using var second = await StartAsync();
        await second.AppliedAsync(1000);
        Assert.Null(await second.DiffersAsync(await second.NaiveAsync()));
    }

    /// <summary>Entities crash, are stopped and are read while slots fail now and then.</summary>
    [Theory]
    [InlineData(11, true, false)]
    [InlineData(12, true, false)]
    [InlineData(13, true, false)]
    [InlineData(14, true, true)]
    [InlineData(15, false, true)]
    public async Task Crashes_of_entities_and_of_the_store_lose_and_double_nothing(int seed, bool direct, bool bytes)
    {
        var settings = SourceHarness.Quick with { DirectDelivery = direct };
        await using var harness = await SourceHarness.CreateAsync(_folder, settings, store: _store, bytes: bytes);
        var random = new Random(seed);
        _store.Delay = async _ =>
        {
            await Task.Yield();
            Flip(random, 20, () => throw new SlotStoreException("now and then", retriable: true, null));
        };
        harness.Start();
        foreach (var chunk in Events.Random(seed, 3000).Chunk(60))
        {
            await harness.Events.AppendAsync(chunk);
            if (random.Next(2) == 0 && harness.Find("card", chunk[0].CardId) is { } card)
            {
                card.Actor.Tell(random.Next(2) == 0 ? Kill.Instance : PoisonPill.Instance);
            }
        }

        var naive = await harness.NaiveAsync();
        var difference = "nothing was read";
        await Eventually.TrueAsync(
            "as the naive features",
            async () => (difference = await harness.DiffersAsync(naive)) is null,
            () => $"{difference}, seed {seed}");
    }

    private static void Flip(Random random, int oneIn, Action act)
    {
        lock (random)
        {
            if (random.Next(oneIn) == 0)
            {
                act();
            }
        }
    }

    private static async Task<string?> Difference(RunningEngine engine, NaiveFeatures naive)
    {
        try
        {
            return await engine.DiffersAsync(naive);
        }
        catch (TimeoutException damaged)
        {
            return damaged.Message;
        }
    }

    private static Task DurableAsync(RunningEngine engine, long events) => Eventually.TrueAsync(
        "durable",
        () => engine.Engine.Partitions.Sum(partition => partition.RestartOffset) == events,
        () => string.Join(Environment.NewLine, engine.Engine.Partitions));

    private Task<RunningEngine> StartAsync(bool direct = true, bool bytes = false) =>
        RunningEngine.StartAsync(_folder, TestFeatures.Catalog, direct, store: _store, bytes: bytes);
}
