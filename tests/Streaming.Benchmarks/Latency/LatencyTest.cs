using System.Globalization;

namespace Streaming.Benchmarks.Latency;

/// <summary>
/// <c>make test-latency</c>: the latency of POST /score at a fixed rate while events stream in, throughput at 64 connections,
/// freshness and lag, against the targets. Ends with 1 where a target is missed, with 2 where it cannot measure.
/// </summary>
internal static class LatencyTest
{
    private const int Bodies = 10_000;

    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        LatencyTestOptions options;
        try
        {
            options = LatencyTestOptions.Parse(args);
        }
        catch (ArgumentException fault)
        {
            await Console.Error.WriteLineAsync(fault.Message);
            return 2;
        }

        if (options.Node is { } named)
        {
            return await MeasureAsync(options, named);
        }

        Console.WriteLine("test-latency: starts a node of its own with seven days of simulated history");
        var (node, address) = await OwnNode.StartAsync(options.EventRate);
        await using (node)
        {
            return await MeasureAsync(options, address);
        }
    }

    private static async Task<int> MeasureAsync(LatencyTestOptions options, Uri node)
    {
        var bodies = Path.GetTempFileName();
        try
        {
            await File.WriteAllLinesAsync(bodies, Enumerable.Range(0, Bodies).Select(Body));
            var time = TimeSpan.FromSeconds(options.Seconds);
            // The first run compiles the paths; it is not counted.
            await OhaRun.AtRateAsync(options with { Seconds = Math.Min(10, options.Seconds) }, node, bodies);
            var events = EventWatch.RunAsync(node, time);
            var probes = FreshnessProbe.RunAsync(node, options.Probes, time);
            var steady = await OhaRun.AtRateAsync(options, node, bodies);
            var (watched, fresh) = (await events, await probes);
            var full = await OhaRun.AtFullSpeedAsync(options, node, bodies);
            return Report(options, steady, full, watched, fresh);
        }
        finally
        {
            File.Delete(bodies);
        }
    }

    private static int Report(LatencyTestOptions options, OhaRun steady, OhaRun full, EventWatch events, double[] fresh)
    {
        var report = new LatencyReport(Console.Out);
        report.Head();
        var score = $"POST /score at {options.ScoreRate} req/s, latency-corrected";
        report.Add($"{score}, p50", steady.Percentiles["p50"], "ms");
        report.Add($"{score}, p90", steady.Percentiles["p90"], "ms");
        report.Judge($"{score}, p95", steady.Percentiles["p95"], "ms", LatencyTestOptions.ScoreP95MillisMax, atLeast: false);
        report.Add($"{score}, p99", steady.Percentiles["p99"], "ms");
        report.Add($"{score}, p99.9", steady.Percentiles["p99.9"], "ms");
        report.Add("POST /score, 64 connections", full.RequestsPerSecond, "req/s");
        report.Judge("errors, both runs", steady.Errors + full.Errors, "", 1, atLeast: false);
        if (options.EventRate > 0)
        {
            report.Judge("events applied", events.EventsPerSecond, "events/s", LatencyTestOptions.EventsPerSecondMin, atLeast: true);
        }

        if (fresh.Length > 0)
        {
            report.Add("freshness, event posted until visible, p50", fresh[fresh.Length / 2], "s");
            report.Judge("freshness, event posted until visible, max", fresh[^1], "s", LatencyTestOptions.FreshnessSecondsMax, atLeast: false);
        }

        report.Add("lag, median of samples", events.Lags[events.Lags.Length / 2], "events");
        report.Judge("lag, p95 of samples", events.Lags[events.Lags.Length * 95 / 100], "events", LatencyTestOptions.LagEventsMax, atLeast: false);
        return report.IsMissed ? 1 : 0;
    }

    private static string Body(int i) => string.Create(
        CultureInfo.InvariantCulture, $"{{\"card_id\":\"card_{i * 7 % 20_000}\",\"terminal_id\":\"terminal_{i * 3 % 10_000}\",\"amount\":{i % 500}.5}}");
}
