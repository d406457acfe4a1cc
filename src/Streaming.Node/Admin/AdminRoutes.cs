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
        routes.MapGet("/ping", AdminQuery.Takes(static context => Task.CompletedTask));
        routes.MapGet(EntityAdmin.Path, AdminQuery.Takes(new EntityAdmin(Engine, slots).GetAsync));
        var states = new StatesAdmin(Engine);
        routes.MapGet(StatesAdmin.Path, AdminQuery.Takes(states.GetAsync));
        routes.MapGet(StatesAdmin.ConfirmedPath, AdminQuery.Takes(states.ConfirmedAsync));
        var replay = new ReplayAdmin(generations);
        routes.MapGet(ReplayAdmin.Path, AdminQuery.Takes(replay.GetAsync));
        routes.MapPost(ReplayAdmin.Path, AdminQuery.Takes(replay.PostAsync, "from", "undo"));
        routes.MapDelete(ReplayAdmin.Path, AdminQuery.Takes(replay.DeleteAsync));
        routes.MapPost(ModelAdmin.Path, AdminQuery.Takes(new ModelAdmin(models).SwapAsync, "file", "fingerprint"));
    }
}
