using Microsoft.OpenApi;
using Streaming.Features.Plans;

namespace Streaming.Node.Http;

/// <summary>The parameters of paths and queries in the OpenAPI document.</summary>
internal static class ApiParameters
{
    public static OpenApiParameter Entity(FeatureCatalog catalog) => new()
    {
        Name = "entity",
        In = ParameterLocation.Path,
        Required = true,
        Description = "The entity type.",
        Schema = ApiSchemas.Text(catalog.Entities.Select(entity => entity.Name)),
    };

    public static OpenApiParameter Key() =>
        new() { Name = "key", In = ParameterLocation.Path, Required = true, Schema = ApiSchemas.Key() };

    public static OpenApiParameter At() => new()
    {
        Name = "at",
        In = ParameterLocation.Query,
        Schema = ApiSchemas.AcceptedTime("Event time. By default the newest that the node has read."),
    };

    public static OpenApiParameter Explain() => new()
    {
        Name = ExplainQuery.Name,
        In = ParameterLocation.Query,
        Schema = new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Description =
                "true, false, or how many features the answer explains. By default what the model declares; true means 3 where it " +
                "declares none.",
        },
    };
}
