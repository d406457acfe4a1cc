using Microsoft.OpenApi;

namespace Streaming.Node.Http;

/// <summary>The bodies of POST /propensity in the OpenAPI document.</summary>
internal static class ApiPropensity
{
    /// <summary>What it takes. Without <c>top</c> it may have every field of a request of the model.</summary>
    public static OpenApiSchema Request()
    {
        var top = new OpenApiSchema
        {
            Type = JsonSchemaType.Integer,
            Minimum = "1",
            Maximum = FormattableString.Invariant($"{PropensityRequest.TopMax}"),
            Description = "How many items to recommend; left out for one score.",
        };
        return ApiSchemas.Object(
            ("user_id", ApiSchemas.Text(), true),
            ("item_id", ApiSchemas.Text(), false),
            ("category", ApiSchemas.Text(), false),
            ("top", top, false));
    }

    private static OpenApiSchema Flag(string says) => ApiSchemas.Described(new() { Type = JsonSchemaType.Boolean }, says);

    /// <summary>What it answers.</summary>
    public static OpenApiSchema Answer()
    {
        var score = new OpenApiSchema { Type = JsonSchemaType.Number, Minimum = "0", Maximum = "1" };
        var item = ApiSchemas.Object(
            ("item_id", ApiSchemas.Text(), true), ("category", ApiSchemas.Nullable(ApiSchemas.Text()), true), ("score", score, true));
        return ApiSchemas.Object(
            ("user_id", ApiSchemas.Text(), true),
            ("model", ApiSchemas.Text(), true),
            ("score", ApiSchemas.Described(new() { Type = JsonSchemaType.Number }, "Only without top, as in POST /score."), false),
            ("items", ApiSchemas.Described(ApiSchemas.ArrayOf(item, PropensityRequest.TopMax), "With top, the likeliest first."), false),
            ("candidates", ApiSchemas.Described(new() { Type = JsonSchemaType.Integer }, "How many items were scored."), false),
            ("fallback", Flag("The declared fallback is the score, or that of an item."), true),
            ("features_stale", Flag("The node is behind the log."), true));
    }
}
