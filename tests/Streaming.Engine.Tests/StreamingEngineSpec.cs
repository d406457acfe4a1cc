using System.Collections.Immutable;
using System.Text;
using Streaming.Contracts.Events;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Features.Serving;
using Streaming.Features.State;
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
        var letters = await Events.ReadAsync<DeadLetter>(second.Log, EventSchemas.DeadLetters);
        Assert.Equal(naive.DeadLetters, letters.Count);
        Assert.Equal(naive.At - 1, second.Engine.NewestEventTime.Millis);
        Assert.Equal(naive.Cards.Count(), second.Engine.Entities.Single(entity => entity.Entity == "card").Count);
    }

    [Fact]
    public async Task Stopping_leaves_nothing_that_uses_the_log()
    {
        var running = await RunningEngine.StartAsync(_folder, TestFeatures.Catalog, direct: true);
        await running.Events.AppendAsync(Events.Random(13, 2000));
        await running.Engine.DisposeAsync();
        Assert.True(running.Engine.System.WhenTerminated.IsCompleted);
        await running.Log.DisposeAsync();
    }

    [Fact]
    public async Task A_topic_without_a_number_of_partitions_is_named()
    {
        await using var log = EmbeddedEventLog.Open(new EmbeddedLogSettings(_folder.File("log.db")));
        var registry = new EmbeddedSchemaRegistry(_folder.File("registry"));
        var settings = SourceHarness.Quick with { Partitions = ImmutableSortedDictionary<string, int>.Empty };

        var fault = await Assert.ThrowsAsync<EngineStartException>(() => StreamingEngine.StartAsync(
            StreamingEngine.ReferenceConfig, settings, TestFeatures.Catalog, log, registry, TimeProvider.System, CancellationToken.None));

        Assert.Contains("transactions", fault.Message, StringComparison.Ordinal);
        Assert.Contains("dead-letters", fault.Message, StringComparison.Ordinal);
    }

    private static async Task<NaiveFeatures> AssertAsNaiveAsync(RunningEngine running)
    {
        var naive = new NaiveFeatures(await Events.ReadAsync<Transaction>(running.Log, EventSchemas.Transactions));
        foreach (var (entity, keys) in new[] { ("card", naive.Cards), ("terminal", naive.Terminals) })
        {
            var plan = running.Engine.Catalog.FindEntity(entity)!;
            foreach (var key in keys)
            {
                var values = new FeatureValue[plan.AllFeatures.OutputLength];
                var outcome = await running.Engine.ReadAsync(plan.AllFeatures, Encoding.UTF8.GetBytes(key), naive.At, null, 0, values, CancellationToken.None);
                Assert.Equal(ReadOutcome.Done, outcome);
                Assert.Null(naive.Differs(plan, key, values));
            }
        }

        return naive;
    }
}
