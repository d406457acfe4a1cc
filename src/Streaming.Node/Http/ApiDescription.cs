using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Streaming.Contracts.Schemas;
using Streaming.Node.Settings;
using Streaming.Scoring.Requests;

namespace Streaming.Node.Http;

/// <summary>
/// The OpenAPI document: the routes as mapped, with bodies as the catalog, the model's rules and the events' schemas make them.
/// </summary>
internal sealed class ApiDescription
{
    /// <summary>The API's version, by which the document is found.</summary>
    public const string Version = "v1";

    private const string Json = "application/json";
    private static readonly int[] s_postProblems = [400, 403, 408, 413, 415, 421, 422, 500, 503];
    private readonly RequestSchema _request;
    private readonly NodeParts _parts;
    private readonly NodeSettings _settings;

    private ApiDescription(RequestSchema request, NodeParts parts, NodeSettings settings)
    {
        _request = request;
        _parts = parts;
        _settings = settings;
    }

    public static void Add(IServiceCollection services, RequestSchema request, NodeParts parts, NodeSettings settings)
    {
        var description = new ApiDescription(request, parts, settings);
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
                "unknown path and the 405 of "
                + "a method that a path does not allow. HEAD is answered like GET, without the body.",
        };
        document.Servers = [];
        document.Paths.Remove(ApiRoutes.Events, out var events);
        foreach (var topic in _parts.Intake.Topics)
        {
            var operation = OfTopic(topic, events!.Operations![HttpMethod.Post], document);
            document.Paths.Add($"/events/{topic}", new OpenApiPathItem { Operations = new() { [HttpMethod.Post] = operation } });
        }
    }

    /// <summary>Each topic has its own path here, because an OpenAPI body cannot depend on a path parameter.</summary>
    private OpenApiOperation OfTopic(string topic, OpenApiOperation any, OpenApiDocument document)
    {
        var record = EventSchemas.ByTopic[topic];
        var one = EventBodies.Of(record);
        var reference = Named(document, record.Name, one);
        var operation = new OpenApiOperation(any) { OperationId = $"{any.OperationId}-{topic}", Summary = $"Append events to {topic}" };
        Body(operation, new OpenApiSchema { OneOf = [reference, ApiSchemas.ArrayOf(reference, _settings.Events.BatchLimit)] }, one);
        return operation;
    }

    private void Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        // The route's description; by default OpenAPI would take the comment of the handler.
        operation.Summary = context.Description.ActionDescriptor.EndpointMetadata.OfType<IEndpointSummaryMetadata>().Last().Summary;
        var document = context.Document!;
        var problem = Named(document, "Problem", ApiSchemas.Problem());
        switch (operation.OperationId)
        {
            case "score":
                Body(operation, ScoreRequest(document), ApiSchemas.ScoreRequest(_request));
                Answers(operation, "200", "The score", ScoreAnswer(document), problem, s_postProblems);
                break;
            case "score-batch":
                Body(operation, ScoreRequests(document), ApiSchemas.ArrayOf(ApiSchemas.ScoreRequest(_request)));
                Answers(
                    operation, "200", "One score for each request", ApiSchemas.ArrayOf(ScoreAnswer(document)), problem, s_postProblems);
                break;
            case "get-features":
                operation.Parameters = [EntityParameter(), KeyParameter(), AtParameter()];
                Answers(operation, "200", "Its features", Features(document), problem, 400, 404, 421, 422, 500, 503);
                break;
            case "post-features":
                DescribePostFeatures(operation, document, problem);
                break;
            case "post-events":
                operation.Parameters = [];
                var events = Named(document, "EventsAnswer", ApiSchemas.EventsAnswer());
                Answers(operation, "202", "All events are durable", events, problem, s_postProblems);
                break;
            case "ready":
                AddProblems(operation, problem, 421, 500);
                AddProblems(operation, CatchingUp(document), 503);
                break;
            default:
                // The route names the type of its answer.
                AddProblems(operation, problem, 421, 500);
                break;
        }
    }

    private void DescribePostFeatures(OpenApiOperation operation, OpenApiDocument document, OpenApiSchemaReference problem)
    {
        var wanted = ApiSchemas.FeaturesRequest(_parts.Store.Catalog, _settings.Score.BatchLimit);
        Body(operation, Named(document, "FeaturesRequest", wanted), wanted);
        var several = ApiSchemas.Object(("entities", ApiSchemas.ArrayOf(Features(document)), true));
        Answers(
            operation, "200", "Their features, in the order of the request", several, problem,
            400, 403, 404, 408, 413, 415, 421, 422, 500, 503);
    }

    private static OpenApiSchemaReference CatchingUp(OpenApiDocument document)
    {
        var partitions = ApiSchemas.ArrayOf(new OpenApiSchemaReference(nameof(PartitionBody), document));
        return Named(document, "CatchingUp", ApiSchemas.Problem(("partitions", partitions, true)));
    }

    private OpenApiSchema ScoreRequests(OpenApiDocument document) =>
        ApiSchemas.ArrayOf(ScoreRequest(document), _settings.Score.BatchLimit);

    private OpenApiSchemaReference ScoreRequest(OpenApiDocument document) =>
        Named(document, "ScoreRequest", ApiSchemas.ScoreRequest(_request));

    private OpenApiSchemaReference ScoreAnswer(OpenApiDocument document) =>
        Named(document, "ScoreAnswer", ApiSchemas.ScoreAnswer(_request, _parts.Champion));

    private static OpenApiSchemaReference Features(OpenApiDocument document) => Named(document, "Features", ApiSchemas.Features());

    /// <summary>A schema by reference, so that it is in the document once and has a name in generated clients.</summary>
    private static OpenApiSchemaReference Named(OpenApiDocument document, string name, OpenApiSchema schema)
    {
        document.AddComponent(name, schema);
        return new(name, document);
    }

    private static void Body(OpenApiOperation operation, IOpenApiSchema schema, IOpenApiSchema sampled) =>
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType> { [Json] = new() { Schema = schema, Example = ApiSamples.Of(sampled) } },
        };

    private static void Answers(
        OpenApiOperation operation, string status, string description, IOpenApiSchema schema, IOpenApiSchema problem, params int[] problems)
    {
        operation.Responses = new OpenApiResponses
        {
            [status] = new OpenApiResponse
            {
                Description = description,
                Content = new Dictionary<string, OpenApiMediaType> { [Json] = new() { Schema = schema } },
            },
        };
        AddProblems(operation, problem, problems);
    }

    private static void AddProblems(OpenApiOperation operation, IOpenApiSchema schema, params int[] statuses)
    {
        foreach (var status in statuses)
        {
            operation.Responses![status.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = ApiSchemas.MeaningOf(status),
                Headers = status == StatusCodes.Status503ServiceUnavailable
                    ? new Dictionary<string, IOpenApiHeader> { ["Retry-After"] = RetryAfter() }
                    : null,
                Content = new Dictionary<string, OpenApiMediaType> { [Problem.MediaType] = new() { Schema = schema } },
            };
        }
    }

    private static OpenApiHeader RetryAfter() =>
        new()
        {
            Description = "The number of seconds to wait before trying again.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
        };

    private OpenApiParameter EntityParameter() => new()
    {
        Name = "entity",
        In = ParameterLocation.Path,
        Required = true,
        Description = "The entity type.",
        Schema = ApiSchemas.Text(_parts.Store.Catalog.Entities.Select(entity => entity.Name)),
    };

    private static OpenApiParameter KeyParameter() =>
        new() { Name = "key", In = ParameterLocation.Path, Required = true, Schema = ApiSchemas.Key() };

    private static OpenApiParameter AtParameter() => new()
    {
        Name = "at",
        In = ParameterLocation.Query,
        Schema = ApiSchemas.AcceptedTime("Event time. By default the newest that the node has read."),
    };
}
