using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Streaming.Benchmarks.Latency;

/// <summary>Times single events from POST /events/transactions until GET /features shows them. Each probe is a card of its own.</summary>
internal static class FreshnessProbe
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    /// <summary>The times in seconds, in order. Throws <see cref="TimeoutException"/> where an event is not visible within a minute.</summary>
    public static async Task<double[]> RunAsync(Uri node, int probes, TimeSpan over)
    {
        using var client = new HttpClient { BaseAddress = node };
        using var pace = new PeriodicTimer(over / Math.Max(1, probes));
        var run = Guid.NewGuid().ToString("N");
        var seconds = new double[probes];
        for (var i = 0; i < probes; i++)
        {
            await pace.WaitForNextTickAsync();
            seconds[i] = await TimeAsync(client, $"latency_probe_{run}_{i}");
        }

        Array.Sort(seconds);
        return seconds;
    }

    private static async Task<double> TimeAsync(HttpClient client, string card)
    {
        using var limit = new CancellationTokenSource(s_limit);
        var started = Stopwatch.GetTimestamp();
        var sent = new Dictionary<string, object>
        {
            ["event_id"] = card,
            ["card_id"] = card,
            ["terminal_id"] = "latency_probe",
            ["amount"] = 1.5,
            ["currency"] = "EUR",
            ["ts"] = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture),
        };
        using var taken = await client.PostAsJsonAsync(new Uri("events/transactions", UriKind.Relative), sent, limit.Token);
        if (!taken.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"POST /events/transactions: {(int)taken.StatusCode} {await taken.Content.ReadAsStringAsync(limit.Token)}");
        }

        while (!await IsVisibleAsync(client, card, limit.Token))
        {
            limit.Token.ThrowIfCancellationRequested();
        }

        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<bool> IsVisibleAsync(HttpClient client, string card, CancellationToken cancel)
    {
        using var answer = JsonDocument.Parse(await client.GetStringAsync(new Uri($"features/card/{card}", UriKind.Relative), cancel));
        return answer.RootElement.GetProperty("features").EnumerateObject().Any(each =>
            each.Name.Contains("count", StringComparison.Ordinal) && each.Value.GetProperty("value") is { ValueKind: JsonValueKind.Number } value && value.GetDouble() > 0);
    }
}
