using System.Text;
using Streaming.Contracts.Registry;
using Streaming.Engine.Replays;
using Streaming.Log;

namespace Streaming.Engine.Tests.Replays;

/// <summary>Live states against a fold of the log that shares nothing with sources, actors and checkpoints.</summary>
public sealed class StateVerificationSpec : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // With the lower ceiling most entities are in the store alone, and some leave or come back on the way.
    [Theory]
    [InlineData(1_000)]
    [InlineData(10)]
    public async Task States_that_are_taken_while_events_come_are_what_the_log_gives(long entitiesMax)
    {
        await using var running = await RunningEngine.StartAsync(_folder, TestFeatures.Catalog, direct: true, entitiesMax: entitiesMax);
        var events = Events.Random(21, 6_000);
        await running.Events.AppendAsync(events.Take(3_000));
        await running.AppliedAsync(3_000);
        var appending = Task.Run(async () =>
        {
            foreach (var some in events.Skip(3_000).Chunk(50))
            {
                await running.Events.AppendAsync(some);
            }
        });
        var verification = await TakeAsync(running);
        await appending;
        Assert.Empty(await verification.RunAsync(static (_, _) => { }, CancellationToken.None));
        Assert.Equal(6_000, verification.Total);
        Assert.True(verification.Entities >= 49, $"{verification.Entities} entities");
    }

    [Fact]
    public async Task A_state_that_is_another_and_one_that_is_missing_are_differences()
    {
        await using var running = await RunningEngine.StartAsync(_folder, TestFeatures.Catalog, direct: true);
        await running.Events.AppendAsync(Events.Random(22, 2_000));
        await running.AppliedAsync(2_000);
        var card = running.Engine.Catalog.FindEntity("card")!;
        var other = (await running.Engine.StateAsync(card, "card-2"u8.ToArray(), CancellationToken.None))!.Value.ToArray();
        var verification = await TakeAsync(running, key => key is "card-1" ? other : key is "card-3" or "card-4" ? [] : null);
        var differences = await verification.RunAsync(static (_, _) => { }, CancellationToken.None);
        Assert.Equal(3, differences.Count);
        Assert.All(differences, difference => Assert.StartsWith("card/****", difference.Entity, StringComparison.Ordinal));
        Assert.Single(differences, difference => difference.Detail.StartsWith("live it has ", StringComparison.Ordinal));
        Assert.Equal(2, differences.Count(difference => difference.Detail.StartsWith("the node does not know it", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(10)]
    public async Task What_a_node_has_forgotten_is_no_difference(long entitiesMax)
    {
        var settings = SourceHarness.Quick with { ForgetAfter = TimeSpan.FromHours(1), RestAfter = TimeSpan.FromMilliseconds(1) };
        await using var running = await RunningEngine.StartAsync(
            _folder, TestFeatures.Catalog, direct: true, entitiesMax: entitiesMax, like: settings);
        var applied = 0;
        foreach (var some in Events.Wandering(23, 4_000).Chunk(200))
        {
            await running.Events.AppendAsync(some);
            await running.AppliedAsync(applied += some.Length);
        }

        await Eventually.TrueAsync(
            "many are forgotten",
            async () =>
            {
                await running.Events.AppendAsync([Events.Transaction("card-of-today", running.Engine.NewestEventTime.Millis + 1)]);
                return running.Engine.Memory.Forgotten > 50;
            },
            () => $"{running.Engine.Memory}");
        var verification = await TakeAsync(running);
        Assert.Empty(await verification.RunAsync(static (_, _) => { }, CancellationToken.None));
        Assert.InRange(verification.Entities, 1, 200);
        var lost = await TakeAsync(running, key => key.StartsWith("card-19-", StringComparison.Ordinal) ? [] : null);
        Assert.NotEmpty(await lost.RunAsync(static (_, _) => { }, CancellationToken.None));
    }

    [Fact]
    public async Task What_had_events_that_retention_has_cut_is_not_judged_and_the_rest_is()
    {
        await using var running = await RunningEngine.StartAsync(_folder, TestFeatures.Catalog, direct: true);
        const long day = 86_400_000;
        var start = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() - (400 * day);
        await running.Events.AppendAsync([.. Enumerable.Range(0, 40).Select(i => Events.Transaction($"idle-{i}", start + i))]);
        await running.AppliedAsync(40);
        var idle = new Dictionary<TopicPartition, long>();
        for (var i = 0; i < SourceHarness.Quick.Partitions["transactions"]; i++)
        {
            var partition = new TopicPartition("transactions", i);
            idle[partition] = await running.Log.EndOffsetAsync(partition, CancellationToken.None);
        }

        await running.Events.AppendAsync([.. Enumerable.Range(0, 60).Select(i => Events.Transaction($"busy-{i}", start + (350 * day) + i))]);
        await running.AppliedAsync(100);
        foreach (var (partition, end) in idle)
        {
            await running.Log.DeleteBeforeAsync(partition, end, CancellationToken.None);
        }

        var verification = await TakeAsync(running);
        Assert.Empty(await verification.RunAsync(static (_, _) => { }, CancellationToken.None));
        Assert.InRange(verification.NotJudged, 1, 41);

        var damaged = await TakeAsync(running, key => key is "busy-2" ? [] : null);
        Assert.Single(await damaged.RunAsync(static (_, _) => { }, CancellationToken.None));
    }

    // Null leaves a state as it is; an empty one leaves it out.
    private async Task<StateVerification> TakeAsync(RunningEngine running, Func<string, byte[]?>? instead = null)
    {
        var registry = new EmbeddedSchemaRegistry(_folder["registry"]);
        var services = new ReplayServices(running.Log, registry, running.Engine.Catalog, SourceHarness.Quick, TimeProvider.System);
        var verification = new StateVerification(services);
        verification.Confirmed(running.Engine.Confirmed());
        foreach (var plan in running.Engine.Catalog.Entities)
        {
            await foreach (var (key, state) in running.Engine.StatesAsync(plan, CancellationToken.None))
            {
                if ((instead?.Invoke(Encoding.UTF8.GetString(key)) ?? state.ToArray()) is { Length: > 0 } given)
                {
                    verification.Add(plan, key, given);
                }
            }

            verification.RememberedSince(plan, running.Engine.RememberedSince(plan));
        }

        return verification;
    }
}
