using System.Text;
using Streaming.Contracts.Schemas;
using Streaming.Features.Plans;
using Streaming.Features.State;
using Streaming.Log;
using Streaming.Persistence.Conformance;

namespace Streaming.Engine.Tests;

/// <summary>Entities whose states can matter no more go from memory and from the store, and nobody can tell by the features.</summary>
public sealed class ForgettingSpec : IDisposable
{
    private static readonly EngineSettings s_settings =
        SourceHarness.Quick with { ForgetAfter = TimeSpan.FromHours(1), RestAfter = TimeSpan.FromMilliseconds(1) };

    private readonly TempFolder _folder = new();
    private readonly MemoryStore _store = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(31, true, false, 1_000)]
    [InlineData(32, false, false, 1_000)]
    [InlineData(33, true, true, 30)]
    public async Task They_are_forgotten_while_others_come_and_come_back_as_if_they_were_new(int seed, bool direct, bool bytes, int entitiesMax)
    {
        var events = Events.Wandering(seed, 4_000);
        await using (var engine = await StartAsync(direct, bytes, entitiesMax))
        {
            await AppendAsync(engine, 0, [.. events.Take(3_000)]);
            await ForgottenAsync(engine, 50);
            Assert.Null(await engine.DiffersAsync(await engine.NaiveAsync()));
        }

        await using var second = await StartAsync(direct, bytes, entitiesMax);
        await AppendAsync(second, (int)await EndAsync(second), [.. events.Skip(3_000)]);
        Assert.Null(await second.DiffersAsync(await second.NaiveAsync()));
        await MeanwhileAsync(second, "few are left", async () => await CountAsync(second) < 130);
        Assert.Null(await second.DiffersAsync(await second.NaiveAsync()));
    }

    [Fact]
    public async Task A_read_of_any_key_before_what_is_remembered_is_too_old()
    {
        await using var engine = await StartAsync(direct: true, bytes: false, entitiesMax: 1_000);
        await AppendAsync(engine, 0, Events.Wandering(34, 2_000));
        var plan = engine.Engine.Catalog.FindEntity("card")!;
        await ForgottenAsync(engine, 50);

        Assert.Equal(ReadOutcome.TooOld, await ReadAsync(engine, plan, "card-0-1", Events.Start));
        Assert.Equal(ReadOutcome.TooOld, await ReadAsync(engine, plan, "nobody's", Events.Start));
        Assert.Equal(ReadOutcome.Done, await ReadAsync(engine, plan, "card-0-1", engine.Engine.RememberedSince(plan) - Events.Day));
    }

    /// <summary>The store goes away while the slot is read, or while it deletes: the next turns forget all the same.</summary>
    [Fact]
    public async Task An_outage_on_the_way_loses_nothing()
    {
        await using var engine = await StartAsync(direct: true, bytes: false, entitiesMax: 1_000);
        var (events, random, applied) = (Events.Wandering(35, 4_000), new Random(35), 0);
        foreach (var some in events.Chunk(100))
        {
            _store.Outage = applied > 0 && random.Next(3) == 0 ? "gone" : null;
            await engine.Events.AppendAsync(some);
            _store.Outage = null;
            _store.AnswersToLose = random.Next(2);
            await engine.AppliedAsync(applied += some.Length);
        }

        Assert.Null(await engine.DiffersAsync(await engine.NaiveAsync()));
        await ForgottenAsync(engine, 50);
        Assert.Null(await engine.DiffersAsync(await engine.NaiveAsync()));
    }

    private static async Task AppendAsync(RunningEngine engine, int applied, IReadOnlyList<Contracts.Events.Transaction> events)
    {
        foreach (var some in events.Chunk(200))
        {
            await engine.Events.AppendAsync(some);
            await engine.AppliedAsync(applied += some.Length);
        }
    }

    // Shards look for what they may forget when they write that they are further: so events go on.
    private static async Task MeanwhileAsync(RunningEngine engine, string what, Func<Task<bool>> condition)
    {
        var clock = engine.Engine.NewestEventTime.Millis;
        await Eventually.TrueAsync(
            what,
            async () =>
            {
                await engine.Events.AppendAsync([Events.Transaction("card-of-today", ++clock)]);
                return await condition();
            },
            () => engine.Engine.Memory.ToString());
        await engine.AppliedAsync(await EndAsync(engine));
    }

    private static Task ForgottenAsync(RunningEngine engine, int entities) =>
        MeanwhileAsync(engine, $"{entities} are forgotten", () => Task.FromResult(engine.Engine.Memory.Forgotten > entities));

    private static async Task<long> EndAsync(RunningEngine engine)
    {
        var end = 0L;
        for (var partition = 0; partition < 4; partition++)
        {
            end += await engine.Log.EndOffsetAsync(new TopicPartition(EventSchemas.Transactions, partition), CancellationToken.None);
        }

        return end;
    }

    private static async Task<int> CountAsync(RunningEngine engine)
    {
        var count = 0;
        foreach (var plan in engine.Engine.Catalog.Entities)
        {
            await foreach (var _ in engine.Engine.StatesAsync(plan, CancellationToken.None))
            {
                count++;
            }
        }

        return count;
    }

    private static async Task<ReadOutcome> ReadAsync(RunningEngine engine, EntityPlan plan, string card, long at) => await engine.Engine.ReadAsync(
        plan.AllFeatures, Encoding.UTF8.GetBytes(card), at, null, 0, new FeatureValue[plan.AllFeatures.OutputLength], CancellationToken.None);

    private Task<RunningEngine> StartAsync(bool direct, bool bytes, int entitiesMax) => RunningEngine.StartAsync(
        _folder, TestFeatures.Catalog, direct, store: _store, entitiesMax: entitiesMax, bytes: bytes, like: s_settings);
}
