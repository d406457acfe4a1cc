using System.Diagnostics;
using System.Globalization;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Engine.Tests;
using Streaming.Log;
using Streaming.Log.Embedded;
using Streaming.Log.Kafka;
using Streaming.Persistence.Redis.Connection;
using Streaming.Persistence.Redis.Embedded;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Benchmarks;

/// <summary>
/// What checkpoints cost and give. The log is read through the actors without checkpoints and with one every five seconds, by turns; then
/// an engine starts over the snapshots of the last pass: until it is ready, and until every entity is in memory again. With a ceiling it
/// prints what is in memory meanwhile instead.
/// </summary>
internal sealed class CheckpointBenchmark : IAsyncDisposable
{
    private const int RecordsPerAppend = 8_192;
    private static readonly TimeSpan s_never = TimeSpan.FromHours(1);

    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-checkpoints-").FullName;
    private readonly Options _options;
    private readonly IEventLog _log;
    private readonly CachingSchemaRegistry _registry;

    private CheckpointBenchmark(Options options)
    {
        _options = options;
        _log = options.Kafka is null
            ? EmbeddedEventLog.Open(new EmbeddedLogSettings(Path.Combine(_folder, "log.db")))
            : KafkaEventLog.Open(new KafkaSettings(options.Kafka));
        _registry = new CachingSchemaRegistry(new EmbeddedSchemaRegistry(Path.Combine(_folder, "registry")));
    }

    public static async Task<int> RunAsync(Options options)
    {
        await using var benchmark = new CheckpointBenchmark(options);
        await benchmark.FillAsync();
        await using var embedded = options.Redis is null
            ? await EmbeddedRedis.StartAsync(new(Path.Combine(benchmark._folder, "redis")), default)
            : null;
        var settings = embedded?.Connection ?? new RedisSettings(options.Redis!);
        for (var pass = 1; pass <= options.Passes; pass++)
        {
            await using var connection = await RedisConnection.OpenAsync(settings with { KeyPrefix = $"bench-{Guid.NewGuid():N}" }, default);
            var slots = new RedisShardSlots(connection);
            await benchmark.ReadAsync($"pass {pass} without checkpoints", null);
            await benchmark.ReadAsync($"pass {pass} with checkpoints   ", slots);
            await benchmark.RestartAsync(slots);
            await slots.Generations.DeleteAsync(1, default);
        }

        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        await _log.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task FillAsync()
    {
        await _log.CreateTopicAsync(EventSchemas.Transactions, 4, CancellationToken.None);
        var registered = await _registry.RegisterAsync(
            EventSchemas.SubjectOf(EventSchemas.Transactions), EventSchemas.Transaction, CancellationToken.None);
        var writer = new TransactionRecords(((RegistryResult<int>.Found)registered).Value);
        var records = new RecordBatch();
        var start = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        for (var number = 0L; number < _options.Events; number++)
        {
            // Each card in turn, by a step that has no divisor in common with their number: every card has as many events.
            var card = number * 7_919 % _options.Cards;
            writer.Add(records, string.Create(CultureInfo.InvariantCulture, $"card_{card}"), number, start + number);
            if (records.Count == RecordsPerAppend || number == _options.Events - 1)
            {
                await _log.AppendAsync(EventSchemas.Transactions, records, CancellationToken.None);
                records.Clear();
            }
        }

        Console.WriteLine($"{_options.Events:N0} events of {_options.Cards:N0} cards are in the log");
    }

    private async Task ReadAsync(string name, RedisShardSlots? slots)
    {
        GC.Collect();
        await using var host = await StartAsync(slots);
        var watch = Stopwatch.StartNew();
        var (printed, most) = (0L, 0L);
        while (Applied(host) < _options.Events)
        {
            most = Math.Max(most, host.Engine.Memory.Entities);
            if (_options.Ceiling > 0 && watch.ElapsedMilliseconds / 10_000 > printed)
            {
                printed = watch.ElapsedMilliseconds / 10_000;
                Console.WriteLine($"  {Applied(host):N0} events, {Memory(host)}");
            }

            await Task.Delay(5);
        }

        Console.WriteLine($"RESULT {name}: {_options.Events / watch.Elapsed.TotalSeconds:N0} events/s, at most {most:N0} entities, {Memory(host)}");
        if (slots is not null)
        {
            while (host.Engine.Partitions.Any(static partition => partition.RestartOffset < partition.NextOffset))
            {
                await Task.Delay(50);
            }

            Console.WriteLine($"  all in snapshots {watch.Elapsed.TotalSeconds:F1} s after the start");
        }
    }

    private async Task RestartAsync(RedisShardSlots slots)
    {
        GC.Collect();
        var watch = Stopwatch.StartNew();
        await using var host = await StartAsync(slots);
        while (!host.Engine.IsReady)
        {
            await Task.Delay(5);
        }

        var ready = watch.Elapsed.TotalSeconds;
        while (_options.Ceiling == 0 && host.Engine.Memory.Entities < _options.Cards)
        {
            await Task.Delay(5);
        }

        Console.WriteLine($"RESULT restart: ready after {ready:F1} s, all in memory after {watch.Elapsed.TotalSeconds:F1} s, {Memory(host)}");
    }

    private Task<EngineHost> StartAsync(RedisShardSlots? slots)
    {
        var settings = EngineBenchmark.Settings(direct: true) with
        {
            CheckpointInterval = slots is null ? s_never : TimeSpan.FromSeconds(5),
            MemoryEntitiesMax = slots is null || _options.Ceiling == 0 ? long.MaxValue : _options.Ceiling,
            MemoryBytesMax = long.MaxValue,
            RestAfter = TimeSpan.FromDays(1),
            ForgetAfter = TimeSpan.FromDays(3650),
        };
        return EngineHost.StartAsync(string.Empty, settings, Handbook.Catalog(), _log, _registry, slots: slots);
    }

    private static long Applied(EngineHost host) => host.Engine.Partitions.Sum(static partition => partition.NextOffset);

    private static string Memory(EngineHost host) =>
        $"{host.Engine.Memory.Entities:N0} in memory, {host.Engine.Memory.Left:N0} left, {host.Engine.Memory.Recalled:N0} recalled, "
        + $"{Environment.WorkingSet / 1e6:N0} MB resident";

    /// <param name="Events">Events in the log.</param>
    /// <param name="Cards">Cards that they belong to.</param>
    /// <param name="Ceiling">The most entities in memory; 0 for all.</param>
    /// <param name="Passes">How often.</param>
    /// <param name="Redis">A server for the snapshots; null for the embedded one.</param>
    /// <param name="Kafka">A broker; null for the embedded log.</param>
    public sealed record Options(int Events, int Cards, int Ceiling, int Passes, string? Redis, string? Kafka);
}
