using System.Globalization;
using System.Text;
using Akka.Actor;
using Streaming.Features.Plans;
using Streaming.Features.State;
using Streaming.Persistence.Conformance;

namespace Streaming.Engine.Tests;

/// <summary>Events that come again, on their way through sources, entities and snapshots.</summary>
public sealed class DuplicatesSpec : IDisposable
{
    private const string Definitions = """
        topic transactions { duplicates { horizon = 7d } }
        feature-view card_activity {
          entity = card, source = transactions, key = card_id, time = ts
          features { ever { count = "*" }, lately { sum = amount, over = [7d] } }
        }
        feature-view terminal_activity {
          entity = terminal, source = transactions, key = terminal_id, time = ts
          features { ever { count = "*" } }
        }
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task An_event_that_comes_again_is_counted_and_not_applied_to_any_of_its_entities()
    {
        await using var harness = await SourceHarness.CreateAsync(_folder, SourceHarness.Quick, TestFeatures.Of(Definitions));
        var (first, second) = (Events.Transaction("c", Events.Start), Events.Transaction("c", Events.Start + 1));
        await harness.Events.AppendAsync(first, second, first, second, first);
        harness.Start();
        await harness.CaughtUpAsync();

        Assert.Equal([2.0, 20.0], (await harness.ReadAsync("card", "c", Events.Start + 1))!.Select(value => value.Number));
        Assert.Equal(2.0, Assert.Single((await harness.ReadAsync("terminal", "t1", Events.Start + 1))!).Number);

        // Of three copies each is one for the card and one for the terminal.
        Assert.Equal(6, harness.Board.All.Sum(source => source.Duplicates));
        Assert.Equal(5, harness.Board.All.Sum(source => source.Applied));
        Assert.Empty(await harness.DeadLettersAsync());

        var lost = harness.Find("card", "c")!;
        lost.Actor.Tell(Kill.Instance);
        await Eventually.TrueAsync("read again", () => harness.Find("card", "c") is { } next && next != lost);
        await harness.CaughtUpAsync();
        Assert.Equal(6, harness.Board.All.Sum(source => source.Duplicates));
        Assert.Equal(2.0, (await harness.ReadAsync("card", "c", Events.Start + 1))![0].Number);
    }

    [Fact]
    public async Task Ids_survive_a_restart()
    {
        var (store, catalog) = (new MemoryStore(), TestFeatures.Of(Definitions));
        var events = Enumerable.Range(0, 500)
            .Select(i => Events.Transaction(string.Create(CultureInfo.InvariantCulture, $"c{i % 20}"), Events.Start + (i * 60_000L)))
            .ToArray();
        await using (var first = await RunningEngine.StartAsync(_folder, catalog, direct: true, store: store))
        {
            await first.Events.AppendAsync(events);
            await first.AppliedAsync(500);
            await Eventually.TrueAsync("durable", () => first.Engine.Partitions.Sum(partition => partition.RestartOffset) == 500);
        }

        await using var second = await RunningEngine.StartAsync(_folder, catalog, direct: true, store: store);
        await second.Events.AppendAsync(events);
        await second.AppliedAsync(1000);

        // Only what came after the restart point is read again, and each of it is known to a card and a terminal.
        Assert.Equal(1000, second.Engine.Partitions.Sum(partition => partition.Duplicates));
        Assert.Equal(500.0, await ReadAsync(second, "terminal", "t1", events[^1].Ts.Millis));
        Assert.Equal(25.0, await ReadAsync(second, "card", "c7", events[^1].Ts.Millis));
    }

    private static async Task<double> ReadAsync(RunningEngine engine, string entity, string key, long at)
    {
        var plan = engine.Engine.Catalog.FindEntity(entity)!;
        var values = new FeatureValue[plan.AllFeatures.OutputLength];
        Assert.Equal(
            ReadOutcome.Done,
            await engine.Engine.ReadAsync(plan.AllFeatures, Encoding.UTF8.GetBytes(key), at, null, 0, values, CancellationToken.None));
        return values[0].Number;
    }
}
