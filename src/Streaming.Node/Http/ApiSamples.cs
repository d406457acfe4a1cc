using System.Text.Json.Nodes;
using Streaming.Features.Events;
using Streaming.Node.Scoring;

namespace Streaming.Node.Http;

/// <summary>Samples of the OpenAPI document that the page to try the API out starts with.</summary>
internal static class ApiSamples
{
    /// <summary>The least right scoring request.</summary>
    public static JsonObject Score(RequestSchema request)
    {
        var sample = new JsonObject();
        foreach (var field in request.Fields.Where(field => field.IsRequired))
        {
            sample[field.Name] = field.Type switch
            {
                FieldType.Text => $"{field.Name.Replace("_id", string.Empty, StringComparison.Ordinal)}_12345",
                FieldType.Flag => true,
                FieldType.Time => "2018-07-25T14:30:00Z",
                _ => 250.0,
            };
        }

        return sample;
    }
}
