using System.Diagnostics;
using System.Globalization;
using System.Text;
using HdrHistogram;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Engine;
using Streaming.Features.Plans;
using Streaming.Features.State;
using Streaming.Log;
using Streaming.Log.Embedded;
using Streaming.Log.Kafka;

namespace Streaming.Benchmarks;

/// <summary>
/// From the moment an event is due to be appended until a read of its card shows it, at a steady rate. Open loop: an event that waits for
/// a late one counts from when it was due. One event in a hundred is a probe; a probe's card is its own and is read until it is there.
/// </summary>
internal static class LatencyBenchmark
{
    private const int ProbeEvery = 100;
    private const int WarmUpSeconds = 20;

    public static async Task<int> RunAsync(string? bootstrap, int rate, int seconds)
    {
        var folder = Directory.CreateTempSubdirectory("streaming-latency-").FullName;
        try
        {
            await using IEventLog log = bootstrap is null
                ? EmbeddedEventLog.Open(new EmbeddedLogSettings(Path.Combine(folder, "log.db")))
                : KafkaEventLog.Open(new KafkaSettings(bootstrap));
            var registry = new CachingSchemaRegistry(new EmbeddedSchemaRegistry(Path.Combine(folder, "registry")));
            var schema = await registry.RegisterAsync(EventSchemas.SubjectOf(EventSchemas.Transactions), EventSchemas.Transaction, CancellationToken.None);
            await using var host = await EngineBenchmark.StartAsync(Handbook.Catalog(), log, registry, direct: true);
            var histogram = await MeasureAsync(log, host.Engine, ((RegistryResult<int>.Found)schema).Value, rate, seconds);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"RESULT append-to-read log={(bootstrap is null ? "embedded" : "kafka")} rate={rate} probes={histogram.TotalCount} p50_ms={Millis(histogram, 50)} p99_ms={Millis(histogram, 99)} p999_ms={Millis(histogram, 99.9)} max_ms={histogram.GetMaxValue() / 1000.0:F2}"));
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Millis(LongHistogram histogram, double percentile) =>
        (histogram.GetValueAtPercentile(percentile) / 1000.0).ToString("F2", CultureInfo.InvariantCulture);

    private static async Task<LongHistogram> MeasureAsync(IEventLog log, StreamingEngine engine, int schemaId, int rate, int seconds)
    {
        var histogram = new LongHistogram(60_000_000, 3);
        var transactions = new TransactionRecords(schemaId);
        // A topic that an earlier run wrote to has that run's probes.
        var run = Guid.NewGuid().ToString("N");
        var clock = Stopwatch.StartNew();
        var probes = new List<Task<long>>();
        var appends = new Queue<Task>();
        for (long sent = 0; sent < (long)rate * (seconds + WarmUpSeconds);)
        {
            await NextMillisecondAsync(clock);
            var due = Math.Min((long)(clock.Elapsed.TotalSeconds * rate), (long)rate * (seconds + WarmUpSeconds));
            var records = new RecordBatch();
            for (; sent < due; sent++)
            {
                var card = sent % ProbeEvery == 0 ? $"probe_{run}_{sent}" : $"card_{sent % 20_000}";
                transactions.Add(records, card, sent, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds());
                if (sent % ProbeEvery == 0)
                {
                    var dueAt = TimeSpan.FromSeconds(sent / (double)rate);
                    var probe = SeenAsync(engine, card, clock, dueAt);
                    if (dueAt.TotalSeconds >= WarmUpSeconds)
                    {
                        probes.Add(probe);
                    }
                }
            }

            if (records.Count > 0)
            {
                appends.Enqueue(log.AppendAsync(EventSchemas.Transactions, records, CancellationToken.None));
            }

            while (appends.TryPeek(out var oldest) && (oldest.IsCompleted || appends.Count > 64))
            {
                await appends.Dequeue();
            }
        }

        foreach (var micros in await Task.WhenAll(probes))
        {
            histogram.RecordValue(Math.Max(1, micros));
        }

        return histogram;
    }

    // The runtime's timers look at a clock that moves every 4 ms: a generator on them would send in bursts and be measured itself.
    private static async Task NextMillisecondAsync(Stopwatch clock)
    {
        for (var now = clock.ElapsedMilliseconds; clock.ElapsedMilliseconds == now;)
        {
            await ProbeClock.NextAsync();
        }
    }

    // Reads again about every 0.2 ms: fine enough beside a bound of milliseconds, and it leaves the cores to the work.
    private static async Task<long> SeenAsync(StreamingEngine engine, string card, Stopwatch clock, TimeSpan due)
    {
        var plan = engine.Catalog.FindEntity("card")!.AllFeatures;
        var key = Encoding.UTF8.GetBytes(card);
        var output = new FeatureValue[plan.OutputLength];
        while (true)
        {
            // The first feature is the count over a day; the read is a little ahead of every event that is under way.
            var outcome = engine.TryRead(plan, key, TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() + 1000, null, 0, output);
            if (outcome == ReadOutcome.Done && output[0].Number > 0)
            {
                return (long)(clock.Elapsed - due).TotalMicroseconds;
            }

            await ProbeClock.NextAsync();
        }
    }
}
