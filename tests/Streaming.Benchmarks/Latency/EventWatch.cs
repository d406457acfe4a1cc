using System.Diagnostics;

namespace Streaming.Benchmarks.Latency;

/// <summary>Samples a node's lag five times a second and counts what it applies in the meantime.</summary>
/// <param name="EventsPerSecond">Events applied a second, all topics.</param>
/// <param name="Lags">The samples of the lag in events, in order of size.</param>
internal sealed record EventWatch(double EventsPerSecond, double[] Lags)
{
    public static async Task<EventWatch> RunAsync(Uri node, TimeSpan time)
    {
        using var client = new HttpClient { BaseAddress = node };
        using var pace = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        var (first, started) = (await NodeScrape.TakeAsync(client), Stopwatch.GetTimestamp());
        var (last, elapsed) = (first, TimeSpan.Zero);
        var lags = new List<double>();
        while (elapsed < time)
        {
            await pace.WaitForNextTickAsync();
            last = await NodeScrape.TakeAsync(client);
            elapsed = Stopwatch.GetElapsedTime(started);
            lags.Add(last.Lag);
        }

        lags.Sort();
        return new EventWatch((last.Applied - first.Applied) / elapsed.TotalSeconds, [.. lags]);
    }
}
