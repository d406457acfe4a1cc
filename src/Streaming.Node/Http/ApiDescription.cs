using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Streaming.Contracts.Schemas;
using Streaming.Node.Settings;

namespace Streaming.Node.Http;

/// <summary>
/// The OpenAPI document: the routes as mapped, with bodies as the catalog, the model's rules and the events' schemas make them.
/// </summary>
internal sealed class ApiDescription(NodeParts parts, NodeSettings settings)
{
    /// <summary>The API's version, by which the document is found.</summary>
    public const string Version = "v1";

    private readonly ApiModels _champion = new(parts.Champion, isChampion: true, settings.Score.BatchLimit);

    /// <summary>The statuses of the problems that every POST has.</summary>
    public static int[] PostProblems { get; } = [400, 403, 408, 413, 415, 421, 422, 500, 503];

    public static void Add(IServiceCollection services, NodeParts parts, NodeSettings settings)
    {
        var description = new ApiDescription(parts, settings);
        // What schemas of types go by: as NodeJson writes them.
        services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.TypeInfoResolver = NodeJson.Default;
            options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            options.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
        });
        services.AddOpenApi(Version, options => options
            .AddOperationTransformer((operation, context, _) =>
            {
                description.Describe(operation, context);
                return Task.CompletedTask;
            })
            .AddDocumentTransformer((document, _, _) =>
            {
                description.Describe(document);
                return Task.CompletedTask;
            }));
    }

    private void Describe(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Streaming",
            Version = Version,
            Description =
                "A feature store that scores while it streams. Every error is application/problem+json (RFC 9457); so is the 404 of an " +
                "unknown path and the 405 of a method that a path does not allow. HEAD is answered like GET, without the body.",
        };
        document.Servers = [];
        AddModels(document);
        document.Paths.Remove(ApiRoutes.Events, out var events);
        foreach (var topic in parts.Intake.Topics)
        {
            var operation = OfTopic(topic, events!.Operations![HttpMethod.Post], document);
            document.Paths.Add($"/events/{topic}", new OpenApiPathItem { Operations = new() { [HttpMethod.Post] = operation } });
        }
    }

    /// <summary>Each model has its own paths here, because its requests depend on it.</summary>
    private void AddModels(OpenApiDocument document)
    {
        document.Paths.Remove(ScoreEndpoints.ModelPath, out var one);
        document.Paths.Remove(ScoreEndpoints.ModelBatchPath, out var many);
        var models = parts.Others.Select(scorer => new ApiModels(scorer, isChampion: false, settings.Score.BatchLimit));
        foreach (var model in models.Prepend(_champion))
        {
            model.AddPaths(document, one!.Operations![HttpMethod.Post], many!.Operations![HttpMethod.Post]);
        }
    }

    /// <summary>Each topic has its own path here, because an OpenAPI body cannot depend on a path parameter.</summary>
    private OpenApiOperation OfTopic(string topic, OpenApiOperation any, OpenApiDocument document)
    {
        var record = EventSchemas.ByTopic[topic];
        var one = EventBodies.Of(record);
        var reference = ApiSchemas.Named(document, record.Name, one);
        var operation = new OpenApiOperation(any) { OperationId = $"{any.OperationId}-{topic}", Summary = $"Append events to {topic}" };
        var several = ApiSchemas.ArrayOf(reference, settings.Events.BatchLimit);
        ApiOperations.Body(operation, new OpenApiSchema { OneOf = [reference, several] }, one);
        return operation;
    }

    private void Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        // The route's description; by default OpenAPI would take the comment of the handler.
        operation.Summary = context.Description.ActionDescriptor.EndpointMetadata.OfType<IEndpointSummaryMetadata>().Last().Summary;
        var document = context.Document!;
        var problem = ApiSchemas.Named(document, "Problem", ApiSchemas.Problem());
        switch (operation.OperationId)
        {
            case "score":
                _champion.DescribeOne(operation, document);
                break;
            case "score-batch":
                _champion.DescribeMany(operation, document);
                break;
            case "model-score" or "model-score-batch":
                // Each model has its own; see AddModels.
                break;
            case "propensity":
                DescribePropensity(operation, document, problem);
                break;
            case "get-features":
                operation.Parameters = [ApiParameters.Entity(parts.Store.Catalog), ApiParameters.Key(), ApiParameters.At()];
                ApiOperations.Answers(operation, "200", "Its features", Features(document), problem, 400, 404, 421, 422, 500, 503);
                break;
            case "post-features":
                DescribePostFeatures(operation, document, problem);
                break;
            case "post-events":
                DescribePostEvents(operation, document, problem);
                break;
            case "ready":
                ApiOperations.AddProblems(operation, problem, 421, 500);
                ApiOperations.AddProblems(operation, ApiSchemas.CatchingUp(document), 503);
                break;
            case var id:
                // The route names the type of its answer.
                ApiOperations.AddProblems(operation, problem, id == "drift" ? [404, 421, 500] : [421, 500]);
                break;
        }
    }

    private static void DescribePostEvents(OpenApiOperation operation, OpenApiDocument document, OpenApiSchemaReference problem)
    {
        operation.Parameters = [];
        var events = ApiSchemas.Named(document, "EventsAnswer", ApiSchemas.EventsAnswer());
        ApiOperations.Answers(operation, "202", "All events are durable", events, problem, PostProblems);
    }

    private static void DescribePropensity(OpenApiOperation operation, OpenApiDocument document, OpenApiSchemaReference problem)
    {
        var asked = ApiPropensity.Request();
        ApiOperations.Body(operation, ApiSchemas.Named(document, "PropensityRequest", asked), asked);
        ApiOperations.Answers(
            operation, "200", "One score, or the best items", ApiPropensity.Answer(), problem,
            400, 403, 404, 408, 413, 415, 421, 422, 500, 503);
    }

    private void DescribePostFeatures(OpenApiOperation operation, OpenApiDocument document, OpenApiSchemaReference problem)
    {
        var wanted = ApiSchemas.FeaturesRequest(parts.Store.Catalog, settings.Score.BatchLimit);
        ApiOperations.Body(operation, ApiSchemas.Named(document, "FeaturesRequest", wanted), wanted);
        var several = ApiSchemas.Object(("entities", ApiSchemas.ArrayOf(Features(document)), true));
        ApiOperations.Answers(
            operation, "200", "Their features, in the order of the request", several, problem,
            400, 403, 404, 408, 413, 415, 421, 422, 500, 503);
    }

    private static OpenApiSchemaReference Features(OpenApiDocument document) =>
        ApiSchemas.Named(document, "Features", ApiSchemas.Features());
}
