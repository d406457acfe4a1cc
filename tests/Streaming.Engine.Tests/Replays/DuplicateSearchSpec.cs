using Streaming.Contracts.Registry;
using Streaming.Engine.Replays;
using Streaming.Ingest;

namespace Streaming.Engine.Tests.Replays;

/// <summary>Which events of the log were duplicates, found afterwards.</summary>
public sealed class DuplicateSearchSpec : IDisposable
{
    private const string Definitions = """
        topic transactions { duplicates { horizon = 1h } }
        feature-view card_activity {
          entity = card, source = transactions, key = card_id, time = ts
          features { ever { count = "*" } }
        }
        feature-view terminal_activity {
          entity = terminal, source = transactions, key = terminal_id, time = ts
          features { ever { count = "*" } }
        }
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Only_a_copy_within_the_horizon_is_one()
    {
        var catalog = TestFeatures.Of(Definitions);
        await using var running = await RunningEngine.StartAsync(_folder, catalog, direct: true);
        var first = Events.Transaction("c", Events.Start);
        var later = Events.Transaction("c", Events.Start + TimeSpan.FromHours(2).Ticks / TimeSpan.TicksPerMillisecond);
        await running.Events.AppendAsync(first, first, later, first, later);
        await running.AppliedAsync(5);

        var services = new ReplayServices(
            running.Log, new EmbeddedSchemaRegistry(_folder["registry"]), catalog, SourceHarness.Quick, TimeProvider.System);
        var (search, duplicates) = (new EventSearch(services), new DuplicateSearch(services));
        var partition = running.Engine.Partitions.Single(status => status.NextOffset > 0).Partition;
        var found = new List<bool>();
        for (var offset = 0; offset < 5; offset++)
        {
            var place = new EventPlace(partition.Topic, partition.Partition, offset);
            var each = (await search.AtAsync(place, CancellationToken.None))!;
            Assert.Equal(2, each.Feeds.Length);
            foreach (var entity in each.Feeds)
            {
                found.Add(await duplicates.IsDuplicateAsync(place, entity, CancellationToken.None));
            }
        }

        // The second copy of the first event comes when its id is forgotten.
        Assert.Equal([false, false, true, true, false, false, false, false, true, true], found);
        Assert.Equal(found.Count(each => each), running.Engine.Partitions.Sum(status => status.Duplicates));
    }
}
