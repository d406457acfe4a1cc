using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Streaming.Benchmarks.Latency;

/// <summary>A run of oha against POST /score.</summary>
/// <param name="Percentiles">Milliseconds by percentile, such as <c>p99.9</c>.</param>
/// <param name="RequestsPerSecond">Answers a second.</param>
/// <param name="Errors">Requests without an answer, and answers other than 200.</param>
internal sealed record OhaRun(IReadOnlyDictionary<string, double> Percentiles, double RequestsPerSecond, long Errors)
{
    private const int Connections = 64;

    /// <summary>Sends at a fixed rate; a request that waits for a late one counts from when it was due (no coordinated omission).</summary>
    public static Task<OhaRun> AtRateAsync(LatencyTestOptions options, Uri node, string bodies) =>
        RunAsync(options, node, bodies, "-q", options.ScoreRate.ToString(CultureInfo.InvariantCulture), "--latency-correction");

    /// <summary>Sends as much as 64 connections take.</summary>
    public static Task<OhaRun> AtFullSpeedAsync(LatencyTestOptions options, Uri node, string bodies) => RunAsync(options, node, bodies);

    private static async Task<OhaRun> RunAsync(LatencyTestOptions options, Uri node, string bodies, params string[] more)
    {
        var start = new ProcessStartInfo(options.Oha) { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments =
        [
            "--no-tui", "-z", $"{options.Seconds}s", "-c", $"{Connections}", "-w", "--worker-threads", "1", "-m", "POST", "-T", "application/json",
            "-Z", bodies, "--output-format", "json", .. more, new Uri(node, "score").ToString(),
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(options.Seconds + 60));
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(limit.Token), process.StandardError.ReadToEndAsync(limit.Token));
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode == 0
            ? Parse(await output)
            : throw new InvalidOperationException($"oha ended with {process.ExitCode}: {await errors}");
    }

    private static OhaRun Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        var percentiles = root.GetProperty("latencyPercentiles").EnumerateObject()
            .ToDictionary(each => each.Name, each => each.Value.ValueKind == JsonValueKind.Number ? each.Value.GetDouble() * 1000 : double.NaN);
        var answers = root.GetProperty("statusCodeDistribution").EnumerateObject().Where(each => each.Name != "200").Sum(each => each.Value.GetInt64());
        // Requests that are under way when the time is up are ended by oha itself.
        var failures = root.GetProperty("errorDistribution").EnumerateObject()
            .Where(each => each.Name != "aborted due to deadline").Sum(each => each.Value.GetInt64());
        return new OhaRun(percentiles, root.GetProperty("summary").GetProperty("requestsPerSec").GetDouble(), answers + failures);
    }
}
