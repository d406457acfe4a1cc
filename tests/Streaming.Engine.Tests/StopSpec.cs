using Streaming.Persistence.Conformance;

namespace Streaming.Engine.Tests;

/// <summary>An engine that is stopped writes what has changed since its last checkpoint.</summary>
public sealed class StopSpec : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly MemoryStore _store = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_has_changed_is_written_before_the_stop_so_that_nothing_is_read_again()
    {
        await RunAsync(events: 1000);

        await using var second = await StartAsync();
        await second.AppliedAsync(1000);

        Assert.Equal(0, second.Engine.Partitions.Sum(partition => partition.Applied));
        Assert.Null(await second.DiffersAsync(await second.NaiveAsync()));
    }

    [Fact]
    public async Task A_stop_while_the_store_is_away_costs_a_second_reading()
    {
        await RunAsync(events: 1000, outage: "gone");

        await using var second = await StartAsync();
        await second.AppliedAsync(1000);

        Assert.Equal(1000, second.Engine.Partitions.Sum(partition => partition.Applied));
        Assert.Null(await second.DiffersAsync(await second.NaiveAsync()));
    }

    private async Task RunAsync(int events, string? outage = null)
    {
        await using (var first = await StartAsync())
        {
            await first.Events.AppendAsync(Events.Random(11, events));
            await first.AppliedAsync(events);
            _store.Outage = outage;
        }

        _store.Outage = null;
    }

    private Task<RunningEngine> StartAsync() =>
        RunningEngine.StartAsync(_folder, TestFeatures.Catalog, direct: true, store: _store, like: SourceHarness.Unflushed);
}
