using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Streaming.Chaos.Processes;

namespace Streaming.Chaos.Loads;

/// <summary>A client of POST /score: each answer is a score that says whether it is stale, or a 503.</summary>
internal sealed class ScoreLoad(World world, Ledger ledger, EventMaker maker)
{
    /// <summary>Runs until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (true)
        {
            if (world.Node is { } node)
            {
                await ScoreAsync(node);
            }

            await Task.Delay(10 + maker.Draw(30), stop);
        }
    }

    private async Task ScoreAsync(NodeProcess node)
    {
        var one = maker.Transaction();
        try
        {
            using var answer = await node.Client.PostAsJsonAsync(
                new Uri("score", UriKind.Relative), new { card_id = one.CardId, terminal_id = one.TerminalId, amount = one.Amount });
            var body = await answer.Content.ReadAsStringAsync();
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
            {
                ledger.Count("scores refused");
                return;
            }

            using var json = JsonDocument.Parse(body);
            if (answer.StatusCode != HttpStatusCode.OK || json.RootElement.GetProperty("score").GetDouble() is not (>= 0 and <= 1))
            {
                ledger.Violate($"POST /score was answered with {answer.StatusCode}: {body}");
                return;
            }

            ledger.Count(json.RootElement.GetProperty("features_stale").GetBoolean() ? "scores stale" : "scores fresh");
        }
        catch (Exception away) when (NodeProcess.IsAway(away))
        {
            ledger.Count("scores without an answer");
        }
    }
}
