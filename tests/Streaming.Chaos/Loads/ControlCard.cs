using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Streaming.Chaos.Processes;

namespace Streaming.Chaos.Loads;

/// <summary>
/// A card of which it is known at every moment how many events must and may count: no answer has more than were sent, and none that calls
/// itself fresh lacks one that was acknowledged longer ago than a node may need to know that it is behind.
/// </summary>
internal sealed class ControlCard(World world, Ledger ledger, TimeProvider clock)
{
    /// <summary>The card.</summary>
    public const string Key = "control";

    private static readonly TimeSpan s_grace = TimeSpan.FromMilliseconds(NodeConfig.StaleAfterMillis) + TimeSpan.FromSeconds(5);
    private readonly Lock _lock = new();
    private readonly List<long> _acknowledgedTicks = [];
    private int _sent;

    /// <summary>Sends one event after the other.</summary>
    public async Task SendAsync(CancellationToken stop)
    {
        while (true)
        {
            if (world.Node is { } node)
            {
                await SendAsync(node);
            }

            await Task.Delay(100, stop);
        }
    }

    /// <summary>Reads the card again and again.</summary>
    public async Task ReadAsync(CancellationToken stop)
    {
        while (true)
        {
            if (world.Node is { } node)
            {
                await ReadAsync(node);
            }

            await Task.Delay(40, stop);
        }
    }

    private async Task SendAsync(NodeProcess node)
    {
        var number = Interlocked.Increment(ref _sent);
        var id = string.Create(CultureInfo.InvariantCulture, $"{Key}-{number}");
        object[] events = [new { event_id = id, card_id = Key, terminal_id = "t", amount = 1.0, ts = clock.GetUtcNow().ToUnixTimeMilliseconds() }];
        try
        {
            using var answer = await node.Client.PostAsJsonAsync(new Uri("events/transactions", UriKind.Relative), events);
            if (answer.StatusCode == HttpStatusCode.Accepted)
            {
                ledger.Acknowledge(id);
                lock (_lock)
                {
                    _acknowledgedTicks.Add(Stopwatch.GetTimestamp());
                }
            }
        }
        catch (Exception away) when (NodeProcess.IsAway(away))
        {
            ledger.Count("posts without an answer");
        }
    }

    private async Task ReadAsync(NodeProcess node)
    {
        var least = Acknowledged(Stopwatch.GetTimestamp() - (long)(s_grace.TotalSeconds * Stopwatch.Frequency));
        try
        {
            using var answer = await node.Client.GetAsync(new Uri($"features/card/{Key}", UriKind.Relative));
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                ledger.Count("reads refused");
                return;
            }

            var body = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                ledger.Violate($"GET /features/card/{Key} was answered with {answer.StatusCode}: {body}");
                return;
            }

            Judge(body, least, Volatile.Read(ref _sent));
        }
        catch (Exception away) when (NodeProcess.IsAway(away))
        {
            ledger.Count("reads without an answer");
        }
    }

    private void Judge(string body, int least, int most)
    {
        using var json = JsonDocument.Parse(body);
        var isStale = json.RootElement.GetProperty("features_stale").GetBoolean();
        var count = json.RootElement.GetProperty("features").GetProperty("chaos_card.n").GetProperty("value").GetDouble();
        ledger.Count(isStale ? "reads stale" : "reads fresh");
        if (count > most)
        {
            ledger.Violate(FormattableString.Invariant($"the card {Key} has {count} events, and only {most} were sent: {body}"));
        }

        if (!isStale && count < least)
        {
            ledger.Violate(FormattableString.Invariant(
                $"an answer calls itself fresh and has {count} events of the card {Key}; {least} were acknowledged more than {s_grace} before: {body}"));
        }
    }

    private int Acknowledged(long untilTicks)
    {
        lock (_lock)
        {
            var found = _acknowledgedTicks.BinarySearch(untilTicks);
            return found < 0 ? ~found : found;
        }
    }
}
