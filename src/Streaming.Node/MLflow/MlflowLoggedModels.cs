using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Streaming.Scoring.Registry;

namespace Streaming.Node.MLflow;

/// <summary><c>logged-models/...</c>.</summary>
internal sealed class MlflowLoggedModels(RegistryFolder folder)
{
    private const int PageSize = 100;
    private readonly LoggedModelFolder _logged = new(folder);
    private readonly ArtifactFolder _artifacts = new(folder);

    public void Add(MlflowOperations operations)
    {
        operations.Read("GET", "logged-models/{model_id}", (r, _) => Task.FromResult(One(_logged.Require(r.Required("model_id")))));
        operations.Read("POST", "logged-models/search", (r, _) => Task.FromResult(Search(r)));
        operations.Read("GET", "logged-models/{model_id}/artifacts/directories", (r, _) => Task.FromResult(Artifacts(r)));
        operations.Write("POST", "logged-models", CreateAsync);
        operations.Write("PATCH", "logged-models/{model_id}", (r, stop) =>
            ChangeAsync(r, model => model with { Status = StatusOf(r.Required("status")) }, stop));
        operations.Write("PATCH", "logged-models/{model_id}/tags", (r, stop) =>
            ChangeAsync(r, model => model with { Tags = model.Tags.SetItems(r.Pairs("tags")) }, stop));
        operations.Write("DELETE", "logged-models/{model_id}/tags/{tag_key}", (r, stop) =>
            ChangeAsync(r, model => model with { Tags = model.Tags.Remove(r.Required("tag_key")) }, stop));
        operations.Write("POST", "logged-models/{model_id}/params", (r, stop) =>
            ChangeAsync(r, model => model with { Params = model.Params.SetItems(r.Pairs("params")) }, stop));
    }

    private static JsonObject One(LoggedModel model) => new() { ["model"] = MlflowAnswers.Of(model) };

    private static LoggedModelStatus StatusOf(string text) => text switch
    {
        "LOGGED_MODEL_PENDING" or "1" => LoggedModelStatus.Pending,
        "LOGGED_MODEL_READY" or "2" => LoggedModelStatus.Ready,
        "LOGGED_MODEL_UPLOAD_FAILED" or "3" => LoggedModelStatus.Failed,
        _ => throw MlflowRequest.Wrong(
            $"the status is '{text}', expected LOGGED_MODEL_PENDING, LOGGED_MODEL_READY or LOGGED_MODEL_UPLOAD_FAILED"),
    };

    private JsonObject Search(MlflowRequest request)
    {
        var filter = MlflowFilter.Parse(request.Text("filter"));
        var all = _logged.All([.. request.Texts("experiment_ids")]).Where(model => filter.Holds(name => ValueOf(model, name)));
        var found = MlflowOrder.By(all, request.Orders("order_by"), ValueOf).ToList();
        var (page, next) = request.Page(found, PageSize);
        return MlflowAnswers.Page("models", page.Select(MlflowAnswers.Of), next);
    }

    // Those of a run are the run's: a logged model here has no metrics of its own, so that they order nothing.
    private static object? ValueOf(LoggedModel model, string name) => name switch
    {
        "name" => model.Name,
        "model_id" => model.Id,
        "model_type" => model.ModelType,
        "experiment_id" => model.ExperimentId,
        "source_run_id" => model.SourceRunId,
        "creation_timestamp" or "creation_time" or "creation_timestamp_ms" => (double)model.CreatedAt,
        "last_updated_timestamp" or "last_updated_timestamp_ms" => (double)model.UpdatedAt,
        _ when name.StartsWith("tags.", StringComparison.Ordinal) => model.Tags.GetValueOrDefault(name["tags.".Length..]),
        _ when name.StartsWith("params.", StringComparison.Ordinal) => model.Params.GetValueOrDefault(name["params.".Length..]),
        _ when name.StartsWith("metrics.", StringComparison.Ordinal) => null,
        _ => throw MlflowRequest.Wrong($"logged models cannot be filtered or ordered by '{name}'"),
    };

    private JsonObject Artifacts(MlflowRequest request)
    {
        var uri = ArtifactFolder.UriOf(_logged.Require(request.Required("model_id")));
        var path = request.Text("artifact_directory_path").Trim('/');
        return new()
        {
            ["root_uri"] = uri,
            ["files"] = MlflowArtifacts.FilesOf(_artifacts.List($"{ArtifactFolder.PathOfUri(uri)}/{path}"), path),
        };
    }

    private async Task<JsonObject> CreateAsync(MlflowRequest request, CancellationToken cancellation) => One(await _logged.CreateAsync(
        new LoggedModel
        {
            Id = "",
            ExperimentId = request.Text("experiment_id") is { Length: > 0 } experiment ? experiment : "0",
            Name = request.Text("name"),
            ModelType = request.Text("model_type"),
            SourceRunId = request.Text("source_run_id"),
            Tags = request.Pairs("tags").ToImmutableSortedDictionary(StringComparer.Ordinal),
            Params = request.Pairs("params").ToImmutableSortedDictionary(StringComparer.Ordinal),
        },
        cancellation));

    private async Task<JsonObject> ChangeAsync(
        MlflowRequest request, Func<LoggedModel, LoggedModel> change, CancellationToken cancellation) =>
        One(await _logged.UpdateAsync(request.Required("model_id"), change, cancellation));
}
