using System.Text.Json;
using Streaming.Node.Drift;
using Streaming.Node.Settings;
using Streaming.Scoring.Serving;

namespace Streaming.Node.Http;

/// <summary>GET /drift.</summary>
internal sealed class DriftEndpoints(ModelSlots models, DriftSettings settings, DriftWatch? watch)
{
    /// <summary>What is scored, beside what the champion learnt from.</summary>
    public async Task GetAsync(HttpContext context)
    {
        if (QueryParameters.Unknown(context.Request) is { } unknown)
        {
            await unknown.WriteAsync(context);
            return;
        }

        var champion = models.Champion.Active;
        if (watch is null || champion.Drift is null)
        {
            await NodeProblems.NoBaseline(champion.Scorer.ModelId).WriteAsync(context);
            return;
        }

        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        var body = DriftBody.Of(champion.Scorer.ModelId, settings.Window, watch.Findings);
        await JsonSerializer.SerializeAsync(context.Response.BodyWriter, body, NodeJson.Default.DriftBody, context.RequestAborted);
    }
}
