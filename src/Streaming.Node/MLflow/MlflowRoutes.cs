using System.Text.Json.Nodes;
using Streaming.Scoring.Registry;

namespace Streaming.Node.MLflow;

/// <summary>The part of MLflow's REST API that the node answers, over the folder of its models: docs/registry.md.</summary>
internal static class MlflowRoutes
{
    /// <summary>
    /// The release of MLflow whose API this is, for clients that ask: the first whose client asks for <c>server-info</c>.
    /// </summary>
    public const string Version = "3.10.0";

    private const string Artifacts = "/api/2.0/mlflow-artifacts/artifacts";

    /// <summary>Maps all.</summary>
    /// <param name="routes">Where.</param>
    /// <param name="folder">The folder.</param>
    /// <param name="mayWrite">Whether what writes is answered.</param>
    public static void Map(IEndpointRouteBuilder routes, RegistryFolder folder, bool mayWrite)
    {
        var operations = new MlflowOperations(routes, mayWrite);
        new MlflowExperiments(folder).Add(operations);
        new MlflowRuns(folder).Add(operations);
        new MlflowModels(folder).Add(operations);
        new MlflowVersions(folder).Add(operations);
        new MlflowLoggedModels(folder).Add(operations);
        var artifacts = new MlflowArtifacts(folder);
        operations.Read("GET", Artifacts, artifacts.ListAsync);
        operations.Files("GET", Artifacts + "/{**path}", artifacts.DownloadAsync, isWrite: false);
        operations.Files("PUT", Artifacts + "/{**path}", artifacts.UploadAsync, isWrite: true);

        // MLflow's client of 3.10 and later asks for this first.
        operations.Read("GET", "/api/3.0/mlflow/server-info", static (_, _) =>
            Task.FromResult(new JsonObject { ["store_type"] = "Streaming", ["workspaces_enabled"] = false }));
        operations.Read("GET", "/health", static (_, _) => Task.FromResult(new JsonObject { ["status"] = "OK" }));
        routes.MapMethods("/version", ["GET", "HEAD"], (RequestDelegate)(static context => context.Response.WriteAsync(Version)))
            .ExcludeFromDescription();
        foreach (var prefix in (ReadOnlySpan<string>)["/api/2.0/mlflow", "/api/3.0/mlflow", "/api/2.0/mlflow-artifacts"])
        {
            routes.Map(prefix + "/{**rest}", (RequestDelegate)MlflowError.NoEndpointAsync).ExcludeFromDescription();
        }
    }
}
