using System.Diagnostics;
using System.Globalization;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Engine;
using Streaming.Engine.Tests;
using Streaming.Features.Plans;
using Streaming.Log;
using Streaming.Log.Embedded;
using Streaming.Persistence.Redis.Connection;
using Streaming.Persistence.Redis.Embedded;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Benchmarks;

/// <summary>
/// What a card costs in memory, everything counted: its state, its actor, what directory, sharding and source remember of it, and what the
/// embedded store has of it on this heap. The difference between the heap of an engine with twice the cards and with once, by their number.
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
            await using var redis = await EmbeddedRedis.StartAsync(new EmbeddedRedisSettings(Path.Combine(folder, "redis")), default);
            await using var connection = await RedisConnection.OpenAsync(redis.Connection, default);
            await using var host = await EngineHost.StartAsync(
                string.Empty, EngineBenchmark.Settings(direct: true), CardsOnly(), log, registry, slots: new RedisShardSlots(connection));
            var id = ((RegistryResult<int>.Found)schema).Value;

            // Buffers for reading and decoding do not depend on how many cards there are: they are there before the first look.
            var first = await HeapWithAsync(host.Engine, 0, cards);
            var both = await HeapWithAsync(host.Engine, cards, cards);
            var state = host.Engine.Entities.Sum(e => e.StateBytes) / (2 * cards);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"RESULT memory cards={cards} events_per_card={eventsPerCard} bytes_per_card={(both - first) / cards} of_which_state={state}"));
            return 0;

            async Task<long> HeapWithAsync(StreamingEngine engine, int from, int count)
            {
                await FillAsync(log, id, from, count, eventsPerCard);
                using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
                while (engine.Partitions.Sum(p => p.NextOffset) < (long)(from + count) * eventsPerCard)
                {
                    await poll.WaitForNextTickAsync();
                }

                // Until all is in the store: a flush holds the bytes that it writes.
                var applied = Stopwatch.StartNew();
                while (engine.Shards.Any(shard => !(shard.Age < applied.Elapsed)))
                {
                    await poll.WaitForNextTickAsync();
                }

                return GC.GetTotalMemory(forceFullCollection: true);
            }
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

    private static async Task FillAsync(EmbeddedEventLog log, int schemaId, int from, int count, int eventsPerCard)
    {
        var transactions = new TransactionRecords(schemaId);
        for (var i = 0; i < eventsPerCard; i++)
        {
            var records = new RecordBatch();
            for (var card = from; card < from + count; card++)
            {
                transactions.Add(
                    records, string.Create(CultureInfo.InvariantCulture, $"card_{card}"), ((long)i * count) + card, NewestMillis - HistoryMillis + (i * HistoryMillis / eventsPerCard));
            }

            await log.AppendAsync(EventSchemas.Transactions, records, CancellationToken.None);
        }
    }
}
