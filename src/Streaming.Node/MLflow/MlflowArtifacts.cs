using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Features;
using Streaming.Scoring.Registry;

namespace Streaming.Node.MLflow;

/// <summary>The artifact proxy: <c>/api/2.0/mlflow-artifacts/artifacts</c>.</summary>
internal sealed class MlflowArtifacts(RegistryFolder folder)
{
    private const long UploadBytesMax = 1L << 30;
    private readonly ArtifactFolder _artifacts = new(folder);

    /// <summary>A listing in MLflow's shape.</summary>
    /// <param name="entries">What lies there.</param>
    /// <param name="below">What the names are written below; empty for nothing.</param>
    public static JsonArray FilesOf(IReadOnlyList<ArtifactEntry> entries, string below) => MlflowAnswers.List(entries.Select(entry =>
    {
        var file = new JsonObject
        {
            ["path"] = below.Length > 0 ? $"{below}/{entry.Name}" : entry.Name,
            ["is_dir"] = entry.SizeBytes is null,
        };
        if (entry.SizeBytes is { } size)
        {
            file["file_size"] = size;
        }

        return file;
    }));

    /// <summary>GET ?path=: what lies in a folder.</summary>
    public Task<JsonObject> ListAsync(MlflowRequest request, CancellationToken cancellation) =>
        Task.FromResult(new JsonObject { ["files"] = FilesOf(_artifacts.List(request.Text("path")), "") });

    /// <summary>GET /PATH: a file.</summary>
    public Task DownloadAsync(HttpContext context)
    {
        var path = (string)context.Request.RouteValues["path"]!;
        var file = _artifacts.Find(path);
        if (!File.Exists(file))
        {
            throw new RegistryException(RegistryFault.NotFound, $"there is no artifact '{path}'");
        }

        // Never shown by a browser as a page of this node: anybody who writes runs chooses what is in it.
        context.Response.ContentType = "application/octet-stream";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentDisposition = "attachment";
        return context.Response.SendFileAsync(file, context.RequestAborted);
    }

    /// <summary>PUT /PATH: writes a file.</summary>
    public async Task UploadAsync(HttpContext context)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = UploadBytesMax;
        }

        await _artifacts.SaveAsync((string)context.Request.RouteValues["path"]!, context.Request.Body, context.RequestAborted);
        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync("{}", context.RequestAborted);
    }
}
