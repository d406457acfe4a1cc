using Akka.Actor;
using Akka.Cluster.Sharding;
using Streaming.Engine.Sources;
using Streaming.Log;
using Streaming.Persistence.Conformance;

namespace Streaming.Engine.Tests;

/// <summary>A process that outlives its engine says so.</summary>
public sealed class EngineGuardSpec : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly MemoryStore _store = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_region_that_stops_fails_the_engine()
    {
        await using var running = await StartAsync();
        ClusterSharding.Get(running.System).ShardRegion("card").Tell(PoisonPill.Instance, ActorRefs.NoSender);
        await FailedAsync(running, "has stopped; restart the node");
    }

    [Fact]
    public async Task A_source_that_stops_is_started_again()
    {
        await using var running = await StartAsync();
        running.System.ActorSelection("/system/sharding/partition-sources/2/*").Tell(PoisonPill.Instance, ActorRefs.NoSender);
        await Eventually.TrueAsync("not caught up", () => !running.Engine.IsCaughtUp);
        await running.Events.AppendAsync(Events.Random(22, 400));
        await running.AppliedAsync(800);
        Assert.Null(running.Engine.Fault);
        Assert.Null(await running.DiffersAsync(await running.NaiveAsync()));
    }

    [Fact]
    public async Task A_source_whose_partition_another_process_has_taken_fails_the_engine_and_is_not_started_again()
    {
        await using var running = await StartAsync();
        var address = SourceOffsets.Address(new TopicPartition("transactions", 2), 1);
        await new MemoryShardSlots(_store).TakeAsync(address, Guid.NewGuid(), CancellationToken.None);
        await running.Events.AppendAsync(Events.Random(23, 400));
        await FailedAsync(running, "the source of transactions[2] has stopped");
    }

    [Fact]
    public async Task The_region_of_sources_fails_the_engine_when_it_stops()
    {
        await using var running = await StartAsync();
        ClusterSharding.Get(running.System).ShardRegion("partition-sources").Tell(PoisonPill.Instance, ActorRefs.NoSender);
        await FailedAsync(running, "the shard region of sources has stopped");
    }

    [Fact]
    public async Task An_actor_system_that_ends_fails_the_engine()
    {
        await using var running = await StartAsync();
        await running.System.Terminate();
        await FailedAsync(running, "the engine was stopped; restart the node");
    }

    [Fact]
    public async Task Shards_that_stop_are_rebuilt_completely_or_fail_the_engine()
    {
        await using var running = await StartAsync();
        running.System.ActorSelection("/system/sharding/terminal/*").Tell(PoisonPill.Instance, ActorRefs.NoSender);
        var naive = new NaiveFeatures(await Events.ReadAsync<Streaming.Contracts.Events.Transaction>(running.Log, "transactions"));
        await Eventually.TrueAsync(
            "whole, or at its end",
            async () => running.Engine.Fault is not null || (running.Engine.IsCaughtUp && await running.DiffersAsync(naive) is null),
            () => string.Join(Environment.NewLine, running.Engine.Partitions));
    }

    private async Task<RunningEngine> StartAsync()
    {
        var running = await RunningEngine.StartAsync(_folder, TestFeatures.Catalog, direct: true, store: _store);
        await running.Events.AppendAsync(Events.Random(21, 400));
        await running.AppliedAsync(400);
        Assert.Null(running.Engine.Fault);
        return running;
    }

    private static async Task FailedAsync(RunningEngine running, string fault)
    {
        await Eventually.TrueAsync("at its end", () => running.Engine.Fault is not null);
        Assert.Contains(fault, running.Engine.Fault, StringComparison.Ordinal);
        Assert.Equal((false, false), (running.Engine.IsCaughtUp, running.Engine.IsReady));
    }
}
