using Microsoft.OpenApi;
using Streaming.Node.Scoring;

namespace Streaming.Node.Http;

/// <summary>The OpenAPI document: the routes as mapped, with bodies as the catalog and the model's rules make them.</summary>
internal static class ApiDescription
{
    /// <summary>The API's version, by which the document is found.</summary>
    public const string Version = "v1";

    private const string Json = "application/json";

    public static void Add(IServiceCollection services, RequestSchema request, NodeParts parts) => services.AddOpenApi(Version, options =>
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info = new OpenApiInfo
            {
                Title = "Streaming",
                Version = Version,
                Description = "A feature store that scores while it streams. Every error is application/problem+json (RFC 9457).",
            };
            document.Servers = [];
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, _, _) =>
        {
            Describe(operation, request, parts);
            return Task.CompletedTask;
        });
    });

    private static void Describe(OpenApiOperation operation, RequestSchema request, NodeParts parts)
    {
        var score = ApiSchemas.ScoreRequest(request);
        switch (operation.OperationId)
        {
            case "score":
                Body(operation, score, ApiSamples.Score(request));
                Answers(operation, "200", "The score", ApiSchemas.ScoreAnswer(request, parts.Champion), 400, 413, 415, 422, 503);
                break;
            case "score-batch":
                Body(operation, ApiSchemas.ArrayOf(score), null);
                Answers(operation, "200", "A score a request", ApiSchemas.ArrayOf(ApiSchemas.ScoreAnswer(request, parts.Champion)), 400, 413, 415, 422, 503);
                break;
            case "get-features":
                operation.Parameters =
                [
                    PathParameter("entity", "The entity type.", parts.Store.Catalog.Entities.Select(entity => entity.Name)),
                    PathParameter("key", "The entity key.", []),
                    new OpenApiParameter { Name = "at", In = ParameterLocation.Query, Description = $"Event time: {Instants.Expected}. By default the newest that the node has read.", Schema = ApiSchemas.Text() },
                ];
                Answers(operation, "200", "Its features", ApiSchemas.Features(), 400, 404, 422, 503);
                break;
            case "post-features":
                Body(operation, ApiSchemas.FeaturesRequest(parts.Store.Catalog), null);
                Answers(operation, "200", "Their features, in the order of the request", ApiSchemas.Object(("entities", ApiSchemas.ArrayOf(ApiSchemas.Features()), true)), 400, 404, 413, 415, 422, 503);
                break;
            case "post-events":
                operation.Parameters = [PathParameter("topic", "The topic.", parts.Intake.Topics)];
                Body(operation, new OpenApiSchema { OneOf = [ApiSchemas.Object(), ApiSchemas.ArrayOf(ApiSchemas.Object())] }, null);
                Answers(operation, "202", "All events are durable", ApiSchemas.EventsAnswer(), 400, 404, 413, 415, 422, 503);
                break;
            default:
                Answers(operation, "200", "Yes", ApiSchemas.Object(), operation.OperationId == "ready" ? [503] : []);
                break;
        }
    }

    private static void Body(OpenApiOperation operation, IOpenApiSchema schema, System.Text.Json.Nodes.JsonNode? example) =>
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType> { [Json] = new() { Schema = schema, Example = example } },
        };

    private static void Answers(OpenApiOperation operation, string status, string description, IOpenApiSchema schema, params int[] problems)
    {
        operation.Responses = new OpenApiResponses
        {
            [status] = new OpenApiResponse { Description = description, Content = new Dictionary<string, OpenApiMediaType> { [Json] = new() { Schema = schema } } },
        };
        foreach (var problem in problems)
        {
            operation.Responses[problem.ToString(System.Globalization.CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = ApiSchemas.MeaningOf(problem),
                Content = new Dictionary<string, OpenApiMediaType> { [Problem.MediaType] = new() { Schema = ApiSchemas.Problem() } },
            };
        }
    }

    private static OpenApiParameter PathParameter(string name, string description, IEnumerable<string> words) => new()
    {
        Name = name,
        In = ParameterLocation.Path,
        Required = true,
        Description = description,
        Schema = ApiSchemas.Text(words),
    };
}
