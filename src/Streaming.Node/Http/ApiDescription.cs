using Streaming.Node.Scoring;

namespace Streaming.Node.Http;

/// <summary>The OpenAPI document.</summary>
internal static class ApiDescription
{
    public static void Add(IServiceCollection services, RequestSchema request, NodeParts parts)
    {
        services.AddOpenApi("v1");
    }
}
