using System.Globalization;
using Microsoft.OpenApi;

namespace Streaming.Node.Http;

/// <summary>What an operation of the OpenAPI document takes and answers.</summary>
internal static class ApiOperations
{
    private const string Json = "application/json";

    /// <summary>It takes a body of this schema.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="schema">The body's.</param>
    /// <param name="sampled">What its example is made of.</param>
    public static void Body(OpenApiOperation operation, IOpenApiSchema schema, IOpenApiSchema sampled) =>
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = new Dictionary<string, OpenApiMediaType> { [Json] = new() { Schema = schema, Example = ApiSamples.Of(sampled) } },
        };

    /// <summary>It answers this, or one of these problems.</summary>
    public static void Answers(
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

    /// <summary>It also answers these problems.</summary>
    public static void AddProblems(OpenApiOperation operation, IOpenApiSchema schema, params int[] statuses)
    {
        foreach (var status in statuses)
        {
            operation.Responses![status.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = MeaningOf(status),
                Headers = status == StatusCodes.Status503ServiceUnavailable
                    ? new Dictionary<string, IOpenApiHeader> { ["Retry-After"] = RetryAfter() }
                    : null,
                Content = new Dictionary<string, OpenApiMediaType> { [Problem.MediaType] = new() { Schema = schema } },
            };
        }
    }

    private static string MeaningOf(int status) => status switch
    {
        400 => "The request is wrong",
        403 => "A web page of another origin may not write",
        404 => "There is no such entity type or model, or the model says nothing of its training",
        408 => "The body came too slowly",
        413 => "There is too much in one request",
        415 => "The body is compressed, or its Content-Type is not JSON",
        421 => "The node does not have this host name",
        422 => "The request is valid, but cannot be carried out",
        500 => "The node failed; its log has the details",
        503 => "Not now: the node is catching up or overloaded, or a service that it needs does not answer; try again",
        _ => "A problem",
    };

    private static OpenApiHeader RetryAfter() =>
        new()
        {
            Description = "The number of seconds to wait before trying again.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.Integer },
        };
}
