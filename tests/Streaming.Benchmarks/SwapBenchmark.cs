using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using HdrHistogram;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Streaming.Features.Events;
using Streaming.Node;
using Streaming.Node.Settings;
using Streaming.Scoring;
using Streaming.Scoring.Definitions;
using Streaming.Scoring.Serving;

namespace Streaming.Benchmarks;

/// <summary>
/// POST /score at a fixed rate over the loopback, client and node in one process: alternately without and with a challenger that scores
/// every request in the shadow, and then with a swap of the champion every 100 ms. Latency counts from when a request was due.
/// </summary>
internal static class SwapBenchmark
{
    private const int Workers = 32;
    private static readonly TimeSpan s_swapEvery = TimeSpan.FromMilliseconds(100);

    public static async Task<int> RunAsync(int rate, int seconds, int rounds)
    {
        NodeHost.PrepareSockets();
        var schemas = Path.Combine(ScoreServer.FindRoot(), "schemas");
        await using var alone = await StartAsync(schemas, sample: 0);
        await using var shadowed = await StartAsync(schemas, sample: 1);
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Workers });
        await LoadAsync(client, alone, rate, 3);
        await LoadAsync(client, shadowed, rate, 3);
        Console.WriteLine($"{rate} req/s, {seconds} s each; milliseconds from when a request was due");
        var failed = 0L;
        for (var round = 1; round <= rounds; round++)
        {
            failed += Print($"round {round} without a challenger", await LoadAsync(client, alone, rate, seconds));
            failed += Print($"round {round} with one in the shadow", await LoadAsync(client, shadowed, rate, seconds));
        }

        var challenger = SlotsOf(shadowed).Champion.Challengers[0];
        Console.WriteLine($"shadow scores: {challenger.Slot.Active.Shadow.Compared}, dropped {challenger.Dropped}");
        using var ended = new CancellationTokenSource();
        var swapping = SwapAsync(SlotsOf(alone), Path.Combine(schemas, "models", "fraud.onnx"), ended.Token);
        failed += Print("while the champion is swapped", await LoadAsync(client, alone, rate, seconds));
        await ended.CancelAsync();
        Console.WriteLine($"swaps: {await swapping}; failed or fallback answers in all: {failed}");
        return failed == 0 ? 0 : 1;
    }

    private static ModelSlots SlotsOf(WebApplication node) => node.Services.GetRequiredService<ModelSlots>();

    private static async Task<WebApplication> StartAsync(string schemas, double sample)
    {
        var catalog = ScoreServer.Compile(Path.Combine(schemas, "features"));
        var store = new MemoryFeatureStore(catalog) { NewestEventTime = new EventTime(ScoreServer.NewestMillis) };
        ScoreServer.Fill(store, catalog);
        var champion = ScoreServer.Definition(schemas, catalog);
        var challenger = champion with { Name = "next", IsChampion = false, Challenge = new Challenge("fraud", champion.Position, sample, 0) };
        var configuration = new Configuration([("arguments", "streaming.http.listen = \"127.0.0.1:0\", streaming.logging.level = fatal"), .. NodeSettings.References], _ => null);
        var (settings, faults) = NodeSettings.Create(configuration);
        var node = NodeHost.Build(
            settings ?? throw new InvalidOperationException(string.Join('\n', faults)),
            new NodeParts(store, store, Scorer.Load(champion, catalog), new ScoreServer.NoIntake(), TimeProvider.System)
            {
                FutureTolerance = TimeSpan.FromMinutes(10),
                Others = [Scorer.Load(challenger, catalog)],
            });
        await node.StartAsync();
        return node;
    }

    private static async Task<(LongHistogram Latencies, long Failed)> LoadAsync(HttpClient client, WebApplication node, int rate, int seconds)
    {
        var url = new Uri(node.Urls.First() + "/score");
        var start = Stopwatch.GetTimestamp() + (Stopwatch.Frequency / 10);
        var results = await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => WorkAsync(client, url, worker, rate, seconds, start))));
        var all = new LongHistogram(TimeSpan.FromMinutes(1).Ticks, 3);
        foreach (var (latencies, _) in results)
        {
            all.Add(latencies);
        }

        return (all, results.Sum(result => result.Failed));
    }

    private static async Task<(LongHistogram Latencies, long Failed)> WorkAsync(HttpClient client, Uri url, int worker, int rate, int seconds, long start)
    {
        var (latencies, failed) = (new LongHistogram(TimeSpan.FromMinutes(1).Ticks, 3), 0L);
        for (var i = worker; i < rate * seconds; i += Workers)
        {
            var due = start + (long)((double)i / rate * Stopwatch.Frequency);
            if (Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), due) is { Ticks: > 0 } early)
            {
                await Task.Delay(early);
            }

            var body = string.Create(CultureInfo.InvariantCulture, $$"""{"card_id":"card_{{i % 20_000}}","terminal_id":"terminal_{{i % 10_000}}","amount":{{i % 300}}}""");
            using var answer = await client.PostAsync(url, new StringContent(body, Encoding.UTF8, "application/json"));
            var text = await answer.Content.ReadAsStringAsync();
            failed += answer.StatusCode == HttpStatusCode.OK && text.Contains("\"fallback\":false", StringComparison.Ordinal) ? 0 : 1;
            latencies.RecordValue(Math.Max(1, Stopwatch.GetElapsedTime(due).Ticks));
        }

        return (latencies, failed);
    }

    private static async Task<int> SwapAsync(ModelSlots slots, string file, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(s_swapEvery);
        var swaps = 0;
        try
        {
            while (await timer.WaitForNextTickAsync(cancellation))
            {
                swaps += slots.Swap("fraud", file) is SwapResult.Swapped ? 1 : throw new InvalidOperationException("a swap was refused");
            }
        }
        catch (OperationCanceledException)
        {
            // The load has ended.
        }

        return swaps;
    }

    private static long Print(string what, (LongHistogram Latencies, long Failed) result)
    {
        string At(double percentile) =>
            TimeSpan.FromTicks(result.Latencies.GetValueAtPercentile(percentile)).TotalMilliseconds.ToString("0.000", CultureInfo.InvariantCulture);
        Console.WriteLine($"{what}: p50 {At(50)}, p99 {At(99)}, p99.9 {At(99.9)}, {result.Latencies.TotalCount} requests, {result.Failed} failed");
        return result.Failed;
    }
}
