using System.Globalization;

namespace Streaming.Benchmarks.Latency;

/// <summary>What a node's /metrics says of events: applied since its start, and not applied yet.</summary>
/// <param name="Applied">Events applied, all partitions together.</param>
/// <param name="Lag">Events in the log that are not applied yet, all partitions together.</param>
internal sealed record NodeScrape(double Applied, double Lag)
{
    public static async Task<NodeScrape> TakeAsync(HttpClient client)
    {
        var lines = (await client.GetStringAsync(new Uri("metrics", UriKind.Relative))).Split('\n');
        return new NodeScrape(Sum(lines, "streaming_events_applied_total{"), Sum(lines, "streaming_lag_events{"));
    }

    private static double Sum(string[] lines, string start) => lines
        .Where(line => line.StartsWith(start, StringComparison.Ordinal))
        .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
}
