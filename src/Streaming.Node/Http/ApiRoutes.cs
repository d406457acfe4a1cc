using Streaming.Features.Events;
using Streaming.Features.Numerics;

namespace Streaming.Node.Http;

/// <summary>Which path is answered by what, with what the API description says of it.</summary>
internal static class ApiRoutes
{
    /// <summary>Where events are posted to.</summary>
    public const string Events = "/events/{topic}";

    /// <summary>The methods of a path that is only read.</summary>
    public static HttpMethodMetadata Reading { get; } = new([HttpMethods.Get, HttpMethods.Head]);

    /// <summary>Maps every route of the API.</summary>
    public static void Map(
        IEndpointRouteBuilder app, ScoreEndpoints scores, FeatureEndpoints features, EventEndpoints events, StatusEndpoints status)
    {
        app.MapPost("/score", (Delegate)scores.ScoreAsync).WithName("score").WithTags("Scoring")
            .WithSummary("Score one request")
            .WithDescription(
                "Reads the entities that the request names from memory, with the request as their newest event, and runs the champion " +
                "model.");
        app.MapPost("/score/batch", (Delegate)scores.BatchAsync).WithName("score-batch").WithTags("Scoring")
            .WithSummary("Score many requests")
            .WithDescription("One answer a request, in their order. Where one request is wrong none is scored.");
        MapGet(app, "/features/{entity}/{key}", (Delegate)features.GetAsync).WithName("get-features").WithTags("Features")
            .WithSummary("All features of one entity")
            .WithDescription(
                "As of an event time; by default the newest that the node has read. An entity that nothing is known of has absent values.");
        app.MapPost("/features", (Delegate)features.PostAsync).WithName("post-features").WithTags("Features")
            .WithSummary("All features of several entities");
        app.MapPost(Events, (Delegate)events.PostAsync).WithName("post-events").WithTags("Events")
            .WithSummary("Append events to a topic")
            .WithDescription(
                "One object or an array of them, validated against the topic's schema and the rules of events, and appended as Avro; all " +
                "or none. "
                + "An event that is sent again counts again, also under the same event_id: after a 503 of which it is not known whether " +
                "the events are in the log, look before you send again. "
                + $"The rules: {EventLimits.KeyRule}; {NumberRange.Rule}; {EventLimits.TimeRule}, and not beyond " +
                "streaming.engine.future-tolerance.");
        MapGet(app, "/health/live", (Delegate)status.LiveAsync)
            .WithName("live")
            .WithTags("Operations")
            .WithSummary("Whether the process answers and its engine is whole")
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

    /// <summary>GET, and HEAD beside it, of which the API description has one sentence and not each path a second time.</summary>
    private static RouteHandlerBuilder MapGet(IEndpointRouteBuilder app, string path, Delegate answer)
    {
        app.MapMethods(path, [HttpMethods.Head], answer).ExcludeFromDescription();
        return app.MapGet(path, answer);
    }
}
