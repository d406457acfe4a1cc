using Microsoft.OpenApi;
using Streaming.Scoring;
using Streaming.Scoring.Requests;

namespace Streaming.Node.Http;

/// <summary>The scores of a model in the OpenAPI document: each model has its own paths there, because each has its own requests.</summary>
/// <param name="scorer">The model.</param>
/// <param name="isChampion">Whether its bodies are those of POST /score.</param>
/// <param name="batchLimit">Requests in one array.</param>
internal sealed class ApiModels(Scorer scorer, bool isChampion, int batchLimit)
{
    private readonly RequestSchema _schema = RequestSchema.For(scorer.Service, scorer.Definition.Request);
    private readonly string _suffix = isChampion ? string.Empty : $"-{scorer.Definition.Name}";

    /// <summary>Adds the model's paths.</summary>
    /// <param name="document">The document.</param>
    /// <param name="one">The operation of any model's score.</param>
    /// <param name="many">The operation of any model's scores.</param>
    public void AddPaths(OpenApiDocument document, OpenApiOperation one, OpenApiOperation many)
    {
        var path = $"/models/{scorer.Definition.Name}/score";
        Add(document, path, one, DescribeOne);
        Add(document, path + "/batch", many, DescribeMany);
    }

    /// <summary>Describes an operation that scores one request.</summary>
    public void DescribeOne(OpenApiOperation operation, OpenApiDocument document)
    {
        operation.Parameters = [ApiParameters.Explain()];
        ApiOperations.Body(operation, Request(document), ApiSchemas.ScoreRequest(_schema));
        ApiOperations.Answers(operation, "200", "The score", Answer(document), ProblemOf(document), ApiDescription.PostProblems);
    }

    /// <summary>Describes an operation that scores an array of requests.</summary>
    public void DescribeMany(OpenApiOperation operation, OpenApiDocument document)
    {
        operation.Parameters = [ApiParameters.Explain()];
        var requests = ApiSchemas.ArrayOf(Request(document), batchLimit);
        ApiOperations.Body(operation, requests, ApiSchemas.ArrayOf(ApiSchemas.ScoreRequest(_schema)));
        ApiOperations.Answers(
            operation,
            "200",
            "One score for each request",
            ApiSchemas.ArrayOf(Answer(document)),
            ProblemOf(document),
            ApiDescription.PostProblems);
    }

    private void Add(OpenApiDocument document, string path, OpenApiOperation any, Action<OpenApiOperation, OpenApiDocument> describe)
    {
        var name = scorer.Definition.Name;
        var operation = new OpenApiOperation(any)
        {
            OperationId = $"{any.OperationId}-{name}",
            Summary = $"{any.Summary} by {name}",
            Parameters = [],
        };
        describe(operation, document);
        document.Paths.Add(path, new OpenApiPathItem { Operations = new() { [HttpMethod.Post] = operation } });
    }

    private static OpenApiSchemaReference ProblemOf(OpenApiDocument document) =>
        ApiSchemas.Named(document, "Problem", ApiSchemas.Problem());

    private OpenApiSchemaReference Request(OpenApiDocument document) =>
        ApiSchemas.Named(document, $"ScoreRequest{_suffix}", ApiSchemas.ScoreRequest(_schema));

    private OpenApiSchemaReference Answer(OpenApiDocument document) =>
        ApiSchemas.Named(document, $"ScoreAnswer{_suffix}", ApiSchemas.ScoreAnswer(_schema, scorer));
}
