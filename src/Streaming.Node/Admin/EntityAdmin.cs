using System.Text;
using System.Text.Json;
using Streaming.Engine;
using Streaming.Engine.Replays;
using Streaming.Features.Plans;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Node.Admin;

/// <summary>GET /entities/{type}/{key}: how far an entity is, for receipts.</summary>
internal sealed class EntityAdmin(Func<StreamingEngine> engine, IShardSlots slots)
{
    /// <summary>The path.</summary>
    public const string Path = "/entities/{type}/{key}";

    /// <summary>Answers.</summary>
    public async Task GetAsync(HttpContext context)
    {
        var route = context.Request.RouteValues;
        var (type, key) = ((string)route["type"]!, Encoding.UTF8.GetBytes((string)route["key"]!));
        if (engine().Catalog.FindEntity(type) is not { } plan)
        {
            await AdminProblem.NoEntityAsync(context, type, engine().Catalog.Entities.Select(entity => entity.Name));
            return;
        }

        try
        {
            var trace = await TraceAsync(plan, key, context.RequestAborted);
            context.Response.ContentType = "application/json; charset=utf-8";
            await JsonSerializer.SerializeAsync(context.Response.BodyWriter, trace, AdminJson.Default.EntityTrace, context.RequestAborted);
        }
        catch (Exception away) when (AdminProblem.IsAway(away))
        {
            await AdminProblem.AwayAsync(context, away);
        }
    }

    // An engine that a replay has replaced meanwhile lets go of its states: the one that answers now is asked.
    private async Task<EntityTrace> TraceAsync(EntityPlan plan, byte[] key, CancellationToken cancellation)
    {
        while (true)
        {
            // The snapshot after the memory: an entity that leaves memory in between is in its snapshot.
            var asked = engine();
            var memory = await asked.StateAsync(plan, key, cancellation);
            var trace = await StoredStates.OpenAsync(slots, cancellation) is { } stored
                ? await stored.TraceAsync(plan, key, memory, cancellation)
                : new EntityTrace(0, 0, EntityTrace.AppliedOf(plan, memory), null, 0, []);
            if (asked == engine())
            {
                return trace;
            }
        }
    }
}
