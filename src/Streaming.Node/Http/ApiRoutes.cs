using Streaming.Features.Events;
using Streaming.Features.Numerics;

namespace Streaming.Node.Http;

/// <summary>Maps paths to handlers, with their text in the API description.</summary>
internal static class ApiRoutes
{
    /// <summary>Where events are posted to.</summary>
    public const string Events = "/events/{topic}";

    /// <summary>The methods of read-only paths.</summary>
    public static HttpMethodMetadata Reading { get; } = new([HttpMethods.Get, HttpMethods.Head]);

    /// <summary>Maps every route of the API.</summary>
    public static void Map(
        IEndpointRouteBuilder app,
        ScoreEndpoints scores,
        FeatureEndpoints features,
        EventEndpoints events,
        StatusEndpoints status,
        DriftEndpoints drift,
        ModelEndpoints models,
        PropensityEndpoints? propensity)
    {
        MapScores(app, scores);
        if (propensity is not null)
        {
            MapPropensity(app, propensity);
        }

        MapModels(app, models);
        MapGet(app, "/features/{entity}/{key}", (Delegate)features.GetAsync).WithName("get-features").WithTags("Features")
            .WithSummary("All features of one entity")
            .WithDescription(
                "As of an event time; by default the newest that the node has read. An unknown entity has absent values.");
        app.MapPost("/features", (Delegate)features.PostAsync).WithName("post-features").WithTags("Features")
            .WithSummary("All features of several entities");
        app.MapPost(Events, (Delegate)events.PostAsync).WithName("post-events").WithTags("Events")
            .WithSummary("Append events to a topic")
            .WithDescription(
                "One object or an array of them, validated against the topic's schema and the rules of events, and appended as Avro; all " +
                "or none. An event that is sent again with its event_id counts once within the horizon of its topic's duplicates, and " +
                "again beyond it or where the topic declares none. After a 503 the events may be in the log: send them again with the " +
                "same ids, or check before. " +
                $"The rules: {EventLimits.KeyRule}; {NumberRange.Rule}; {EventLimits.TimeRule}, and not beyond " +
                "streaming.engine.future-tolerance.");
        MapStatus(app, status);
        MapGet(app, "/drift", (Delegate)drift.GetAsync).WithName("drift").WithTags("Operations")
            .WithSummary("How far scores and features have moved from training")
            .WithDescription(
                "Compares the last hour (streaming.drift.window) with the baseline in the champion's file. Updated every ten seconds.")
            .Produces<DriftBody>();
    }

    private static void MapScores(IEndpointRouteBuilder app, ScoreEndpoints scores)
    {
        app.MapPost("/score", (Delegate)scores.ChampionAsync).WithName("score").WithTags("Scoring")
            .WithSummary("Score one request")
            .WithDescription(
                "Reads the entities that the request names from memory, with the request as their newest event, and runs the champion " +
                "model.");
        app.MapPost("/score/batch", (Delegate)scores.ChampionBatchAsync).WithName("score-batch").WithTags("Scoring")
            .WithSummary("Score many requests")
            .WithDescription("One answer for each request, in their order. If one request is wrong, none is scored.");
        app.MapPost(ScoreEndpoints.ModelPath, (Delegate)scores.ModelAsync).WithName("model-score").WithTags("Scoring")
            .WithSummary("Score one request")
            .WithDescription("As /score, by this model.");
        app.MapPost(ScoreEndpoints.ModelBatchPath, (Delegate)scores.ModelBatchAsync).WithName("model-score-batch").WithTags("Scoring")
            .WithSummary("Score many requests")
            .WithDescription("As /score/batch, by this model.");
    }

    private static void MapModels(IEndpointRouteBuilder app, ModelEndpoints models) =>
        MapGet(app, "/models", (Delegate)models.GetAsync).WithName("models").WithTags("Scoring")
            .WithSummary("Every model, the version of it that answers, and its counts")
            .Produces<ModelsBody>();

    private static void MapPropensity(IEndpointRouteBuilder app, PropensityEndpoints propensity) =>
        app.MapPost("/propensity", (Delegate)propensity.PostAsync).WithName("propensity").WithTags("Scoring")
            .WithSummary("How likely a user is to buy, or the items that it is likeliest to buy")
            .WithDescription(
                "Without top one score of the model propensity, as POST /models/propensity/score gives it. With top the best of what the " +
                "user looked at and put into the cart last, and of what others bought, put into the cart and looked at last in the " +
                $"categories that it looks at: at most {CandidateItems.Max} items, each scored by the same model.");

    private static void MapStatus(IEndpointRouteBuilder app, StatusEndpoints status)
    {
        MapGet(app, "/health/live", (Delegate)status.LiveAsync)
            .WithName("live")
            .WithTags("Operations")
            .WithSummary("Whether the process answers and its engine runs")
            .Produces<HealthBody>();
        MapGet(app, "/health/ready", (Delegate)status.ReadyAsync)
            .WithName("ready")
            .WithTags("Operations")
            .WithSummary("Whether the node has caught up with its log")
            .Produces<HealthBody>();
        MapGet(app, "/status", (Delegate)status.StatusAsync)
            .WithName("status")
            .WithTags("Operations")
            .WithSummary("Figures for the status page")
            .Produces<StatusBody>();
        MapGet(app, "/", (Delegate)status.PageAsync).ExcludeFromDescription();
    }

    /// <summary>GET and HEAD; the API description mentions HEAD once instead of listing each path twice.</summary>
    private static RouteHandlerBuilder MapGet(IEndpointRouteBuilder app, string path, Delegate answer)
    {
        app.MapMethods(path, [HttpMethods.Head], answer).ExcludeFromDescription();
        return app.MapGet(path, answer);
    }
}
