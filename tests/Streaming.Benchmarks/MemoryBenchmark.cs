using System.Globalization;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Features.Plans;
using Streaming.Log;
using Streaming.Log.Embedded;

namespace Streaming.Benchmarks;

/// <summary>
/// What a card costs in memory, everything counted: its state, its actor, and what directory, sharding and source remember of it. The
/// difference between the heap of an engine with the cards and of the same engine before them, by number of cards.
/// </summary>
internal static class MemoryBenchmark
{
    private const long NewestMillis = 1_533_081_600_000; // 2018-08-01
    private const long HistoryMillis = 28L * 86_400_000;

    public static async Task<int> RunAsync(int cards, int eventsPerCard)
    {
        var folder = Directory.CreateTempSubdirectory("streaming-memory-").FullName;
        try
        {
            await using var log = EmbeddedEventLog.Open(new EmbeddedLogSettings(Path.Combine(folder, "log.db")));
            var registry = new CachingSchemaRegistry(new EmbeddedSchemaRegistry(Path.Combine(folder, "registry")));
            var schema = await registry.RegisterAsync(EventSchemas.SubjectOf(EventSchemas.Transactions), EventSchemas.Transaction, CancellationToken.None);
            await using var host = await EngineBenchmark.StartAsync(CardsOnly(), log, registry, direct: true);
            var engine = host.Engine;
            var before = GC.GetTotalMemory(forceFullCollection: true);
            await FillAsync(log, ((RegistryResult<int>.Found)schema).Value, cards, eventsPerCard);
            using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
            while (engine.Partitions.Sum(p => p.NextOffset) < (long)cards * eventsPerCard)
            {
                await poll.WaitForNextTickAsync();
            }

            var after = GC.GetTotalMemory(forceFullCollection: true);
            var state = engine.Entities.Sum(e => e.StateBytes);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"RESULT memory cards={cards} events_per_card={eventsPerCard} bytes_per_card={(after - before) / cards} of_which_state={state / cards}"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static FeatureCatalog CardsOnly()
    {
        const string Definition = """
            feature-view card_activity {
              entity = card, source = transactions, key = card_id, time = ts
              features {
                tx_count   { count = "*", over = [1d, 7d, 30d] }
                amount_avg { avg = amount, over = [1d, 7d, 30d], default = 0 }
              }
            }
            """;
        var (catalog, diagnostics) = FeatureCatalog.Compile([("card.conf", Definition)], [.. EventSchemas.Sources.Values]);
        return catalog ?? throw new InvalidOperationException(string.Join('\n', diagnostics));
    }

    private static async Task FillAsync(EmbeddedEventLog log, int schemaId, int cards, int eventsPerCard)
    {
        var transactions = new TransactionRecords(schemaId);
        for (var i = 0; i < eventsPerCard; i++)
        {
            var records = new RecordBatch();
            for (var card = 0; card < cards; card++)
            {
                transactions.Add(
                    records, string.Create(CultureInfo.InvariantCulture, $"card_{card}"), ((long)i * cards) + card, NewestMillis - HistoryMillis + (i * HistoryMillis / eventsPerCard));
            }

            await log.AppendAsync(EventSchemas.Transactions, records, CancellationToken.None);
        }
    }
}
