using Streaming.Persistence.Conformance;

namespace Streaming.Engine.Tests;

/// <summary>What an engine says of a store of snapshots that does not work.</summary>
public sealed class StoreFaultSpec : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly MemoryStore _store = new();
    private readonly CapturedLog _log = new();

    public void Dispose() => _folder.Dispose();

    /// <summary>Shards that have nothing to write have their turns meanwhile, and know nothing of the store.</summary>
    [Fact]
    public async Task It_is_said_once_until_the_store_has_taken_something_again()
    {
        await using var running = await RunningEngine.StartAsync(_folder, TestFeatures.Catalog, direct: true, _log, _store);
        var events = Events.Random(31, 1_001);
        await running.Events.AppendAsync(events.Take(1_000));
        await running.AppliedAsync(1_000);
        await Eventually.TrueAsync("all is written", () => running.Engine.Shards.All(shard => shard.Dirty == 0));
        Assert.Null(running.Engine.StoreFault);

        var calls = 0;
        _store.Delay = _ =>
        {
            Interlocked.Increment(ref calls);
            return Task.CompletedTask;
        };
        _store.Outage = "no space is left.";
        await running.Events.AppendAsync(events.Skip(1_000));
        await running.AppliedAsync(1_001);
        await Eventually.TrueAsync("it was tried again", () => Volatile.Read(ref calls) > 20, () => $"{calls} calls");
        Assert.Contains("no space is left", running.Engine.StoreFault, StringComparison.Ordinal);
        Assert.Single(Lines("features go on from memory"));
        Assert.Empty(Lines("is available again"));

        _store.Outage = null;
        await Eventually.TrueAsync("it is well again", () => running.Engine.StoreFault is null);
        await Eventually.TrueAsync("and said so", () => Lines("is available again").Length == 1);
        Assert.Single(Lines("features go on from memory"));
    }

    /// <summary>Nothing is written afterwards: the store is asked.</summary>
    [Fact]
    public async Task A_read_that_failed_is_not_said_for_ever()
    {
        await using var running = await RunningEngine.StartAsync(_folder, TestFeatures.Catalog, direct: true, _log, _store, entitiesMax: 10);
        await running.Events.AppendAsync(Events.Random(32, 1_000));
        await running.AppliedAsync(1_000);
        await Eventually.TrueAsync("most are in the store alone", () => running.Engine is { Memory.Entities: <= 10, Shards: var shards } && shards.All(shard => shard.Dirty == 0));
        var naive = await running.NaiveAsync();
        _store.Outage = "gone";
        await Assert.ThrowsAsync<TimeoutException>(() => running.DiffersAsync(naive));
        await Eventually.TrueAsync("it is said", () => running.Engine.StoreFault is not null);
        _store.Outage = null;
        await Eventually.TrueAsync("it is well again", () => running.Engine.StoreFault is null);
    }

    private string[] Lines(string part) => [.. _log.Lines.Where(line => line.Contains(part, StringComparison.Ordinal))];
}
