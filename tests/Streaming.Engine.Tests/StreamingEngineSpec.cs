using System.Collections.Immutable;
using Streaming.Contracts.Events;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Log.Embedded;

namespace Streaming.Engine.Tests;

public sealed class StreamingEngineSpec : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(true, 11)]
    [InlineData(false, 12)]
    public async Task Features_equal_nested_loops_over_the_log_also_after_a_restart(bool direct, int seed)
    {
        var events = Events.Random(seed, 3000);
        await using (var first = await RunningEngine.StartAsync(_folder, TestFeatures.Catalog, direct))
        {
            await first.Events.AppendAsync(events.Take(2000));
            await first.AppliedAsync(2000);
            await AssertAsNaiveAsync(first);
        }

        await using var second = await RunningEngine.StartAsync(_folder, TestFeatures.Catalog, direct);
        await second.Events.AppendAsync(events.Skip(2000));
        await second.AppliedAsync(3000);
        var naive = await AssertAsNaiveAsync(second);
        Assert.Empty(await Events.ReadAsync<DeadLetter>(second.Log, EventSchemas.DeadLetters));
        Assert.True(second.Engine.Partitions.Sum(partition => partition.Late) > 0);
        Assert.Equal(naive.At - 1, second.Engine.NewestEventTime.Millis);
        Assert.Equal(naive.Cards.Count(), second.Engine.Entities.Single(entity => entity.Entity == "card").Count);
    }

    [Fact]
    public async Task After_stopping_nothing_uses_the_log()
    {
        var running = await RunningEngine.StartAsync(_folder, TestFeatures.Catalog, direct: true);
        await running.Events.AppendAsync(Events.Random(13, 2000));
        await running.StopAsync();
        Assert.True(running.System.WhenTerminated.IsCompleted);
        await running.Log.DisposeAsync();
    }

    [Fact]
    public async Task A_topic_without_a_number_of_partitions_is_named()
    {
        await using var log = EmbeddedEventLog.Open(new EmbeddedLogSettings(_folder["log.db"]));
        var registry = new EmbeddedSchemaRegistry(_folder["registry"]);
        var settings = SourceHarness.Quick with { Partitions = ImmutableSortedDictionary<string, int>.Empty };

        var fault = await Assert.ThrowsAsync<EngineStartException>(
            () => EngineHost.StartAsync(string.Empty, settings, TestFeatures.Catalog, log, registry));

        Assert.Contains("transactions", fault.Message, StringComparison.Ordinal);
        Assert.Contains("dead-letters", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Partitions_that_are_added_while_the_node_runs_are_read()
    {
        await using var embedded = EmbeddedEventLog.Open(new EmbeddedLogSettings(_folder["log.db"]));
        await embedded.CreateTopicAsync(EventSchemas.Transactions, 4, CancellationToken.None);
        var log = new FaultyLog(embedded) { Partitions = 2 };
        var registry = new EmbeddedSchemaRegistry(_folder["registry"]);
        await using var host = await EngineHost.StartAsync(string.Empty, SourceHarness.Quick, TestFeatures.Catalog, log, registry);
        var engine = host.Engine;
        await Eventually.TrueAsync("caught up with two", () => engine.IsCaughtUp && engine.Partitions.Count == 2);

        log.Partitions = null;
        await (await Events.CreateAsync(log, registry)).AppendAsync(Events.Random(14, 1000));
        await Eventually.TrueAsync(
            "caught up with four",
            () => engine.IsCaughtUp && engine.Partitions.Count == 4 && engine.Partitions.Sum(partition => partition.NextOffset) == 1000,
            () => string.Join(Environment.NewLine, engine.Partitions));
        var naive = new NaiveFeatures(await Events.ReadAsync<Transaction>(embedded, EventSchemas.Transactions));
        Assert.Null(await RunningEngine.DiffersAsync(engine, naive));
    }

    private static async Task<NaiveFeatures> AssertAsNaiveAsync(RunningEngine running)
    {
        var naive = new NaiveFeatures(await Events.ReadAsync<Transaction>(running.Log, EventSchemas.Transactions));
        Assert.Null(await running.DiffersAsync(naive));
        return naive;
    }
}
