using Streaming.Engine;
using Streaming.Node.Replays;
using Streaming.Persistence.Redis.Slots;
using Streaming.Scoring.Serving;

namespace Streaming.Node.Admin;

/// <summary>The paths of the admin server.</summary>
internal static class AdminRoutes
{
    /// <summary>Maps all.</summary>
    public static void Map(
        IEndpointRouteBuilder routes, LiveEngine live, GenerationSwitch generations, IShardSlots slots, ModelSlots models)
    {
        StreamingEngine Engine() => live.Current;
        routes.MapGet("/ping", static context => Task.CompletedTask);
        routes.MapGet(EntityAdmin.Path, (RequestDelegate)new EntityAdmin(Engine, slots).GetAsync);
        var states = new StatesAdmin(Engine);
        routes.MapGet(StatesAdmin.Path, (RequestDelegate)states.GetAsync);
        routes.MapGet(StatesAdmin.ConfirmedPath, (RequestDelegate)states.ConfirmedAsync);
        var replay = new ReplayAdmin(generations);
        routes.MapGet(ReplayAdmin.Path, (RequestDelegate)replay.GetAsync);
        routes.MapPost(ReplayAdmin.Path, (RequestDelegate)replay.PostAsync);
        routes.MapDelete(ReplayAdmin.Path, (RequestDelegate)replay.DeleteAsync);
        routes.MapPost(ModelAdmin.Path, (RequestDelegate)new ModelAdmin(models).SwapAsync);
    }
}
