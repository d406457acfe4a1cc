using System.Text.Json;
using Streaming.Scoring.Serving;

namespace Streaming.Node.Http;

/// <summary>GET /models.</summary>
internal sealed class ModelEndpoints(ModelSlots models)
{
    /// <summary>Every model, and the version of it that answers.</summary>
    public async Task GetAsync(HttpContext context)
    {
        if (QueryParameters.Unknown(context.Request) is { } unknown)
        {
            await unknown.WriteAsync(context);
            return;
        }

        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        var challengers = models.All.SelectMany(slot => slot.Challengers).ToDictionary(challenger => challenger.Slot);
        var body = new ModelsBody(
            [.. models.All.Select(slot => SlotBody.Of(slot, slot == models.Champion, challengers.GetValueOrDefault(slot)))]);
        await JsonSerializer.SerializeAsync(context.Response.BodyWriter, body, NodeJson.Default.ModelsBody, context.RequestAborted);
    }
}
