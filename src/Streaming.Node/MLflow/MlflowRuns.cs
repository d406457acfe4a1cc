using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Streaming.Scoring.Registry;

namespace Streaming.Node.MLflow;

/// <summary><c>runs/...</c> and what hangs on runs.</summary>
internal sealed class MlflowRuns(RegistryFolder folder)
{
    private const int PageSize = 1_000;
    private const int HistoryPageSize = 25_000;
    private const string NameTag = "mlflow.runName";
    private readonly RunFolder _runs = new(folder);
    private readonly ArtifactFolder _artifacts = new(folder);
    private readonly LoggedModelFolder _logged = new(folder);

    public void Add(MlflowOperations operations)
    {
        operations.Read("GET", "runs/get", (r, _) => Task.FromResult(Get(r)));
        operations.Read("POST", "runs/search", (r, _) => Task.FromResult(Search(r)));
        operations.Read("GET", "metrics/get-history", (r, _) => Task.FromResult(History(r)));
        operations.Read("GET", "artifacts/list", (r, _) => Task.FromResult(Artifacts(r)));
        operations.Write("POST", "runs/create", CreateAsync);
        operations.Write("POST", "runs/update", UpdateAsync);
        operations.Write("POST", "runs/delete", (r, stop) => ChangeAsync(r, run => run with { IsDeleted = true }, stop));
        operations.Write("POST", "runs/restore", (r, stop) => ChangeAsync(r, run => run with { IsDeleted = false }, stop));
        operations.Write("POST", "runs/log-metric", (r, stop) => LogAsync(r, [r.Metric()], [], [], stop));
        operations.Write("POST", "runs/log-parameter", (r, stop) =>
            LogAsync(r, [], [new(r.Required("key"), r.Text("value"))], [], stop));
        operations.Write("POST", "runs/set-tag", (r, stop) => LogAsync(r, [], [], [new(r.Required("key"), r.Text("value"))], stop));
        operations.Write("POST", "runs/delete-tag", (r, stop) =>
            ChangeAsync(r, run => run with { Tags = run.Tags.Remove(r.Required("key")) }, stop));
        operations.Write("POST", "runs/log-batch", (r, stop) =>
            LogAsync(r, r.Metrics("metrics"), r.Pairs("params"), r.Pairs("tags"), stop));
        operations.Write("POST", "runs/outputs", OutputsAsync);
    }

    private static string IdOf(MlflowRequest request) =>
        request.Text("run_id") is { Length: > 0 } id ? id : request.Required("run_uuid");

    private JsonObject Get(MlflowRequest request)
    {
        var run = _runs.Require(IdOf(request));
        var answer = MlflowAnswers.Of(run);
        answer["outputs"] = new JsonObject
        {
            ["model_outputs"] = MlflowAnswers.List(_logged.All([run.ExperimentId]).Where(model => model.SourceRunId == run.Id)
                .Select(model => new JsonObject { ["model_id"] = model.Id, ["step"] = 0 })),
        };
        return new() { ["run"] = answer };
    }

    private JsonObject Search(MlflowRequest request)
    {
        var filter = MlflowFilter.Parse(request.Text("filter"));
        var found = _runs.All([.. request.Texts("experiment_ids")])
            .Where(run => MlflowExperiments.IsInView(request.Text("run_view_type"), run.IsDeleted)
                && filter.Holds(name => MlflowRunValues.Of(run, name)));
        var (page, next) = request.Page(MlflowRunValues.Order(found, request.Texts("order_by")), PageSize);
        return MlflowAnswers.Page("runs", page.Select(MlflowAnswers.Of), next);
    }

    private JsonObject History(MlflowRequest request)
    {
        var key = request.Required("metric_key");
        var points = _runs.Require(IdOf(request)).Metrics.Where(point => point.Key == key).ToList();
        var (page, next) = request.Page(points, HistoryPageSize);
        return MlflowAnswers.Page("metrics", page.Select(MlflowAnswers.Of), next);
    }

    private JsonObject Artifacts(MlflowRequest request)
    {
        var run = _runs.Require(IdOf(request));
        var path = request.Text("path").Trim('/');
        var root = ArtifactFolder.PathOfUri(ArtifactFolder.UriOf(run));
        return new()
        {
            ["root_uri"] = ArtifactFolder.UriOf(run),
            ["files"] = MlflowArtifacts.FilesOf(_artifacts.List($"{root}/{path}"), path),
        };
    }

    private async Task<JsonObject> CreateAsync(MlflowRequest request, CancellationToken cancellation)
    {
        var tags = request.Pairs("tags").ToImmutableSortedDictionary(StringComparer.Ordinal);
        var name = request.Text("run_name") is { Length: > 0 } given ? given : tags.GetValueOrDefault(NameTag, "");
        var run = await _runs.CreateAsync(
            new Run
            {
                Id = "",
                ExperimentId = request.Text("experiment_id") is { Length: > 0 } experiment ? experiment : "0",
                Name = name,
                User = request.Text("user_id"),
                Status = RunStatus.Running,
                StartedAt = request.Number("start_time") ?? 0,
                Tags = name.Length > 0 ? tags.SetItem(NameTag, name) : tags,
            },
            cancellation);
        return new() { ["run"] = MlflowAnswers.Of(run) };
    }

    private async Task<JsonObject> UpdateAsync(MlflowRequest request, CancellationToken cancellation)
    {
        var (status, name) = (request.Text("status"), request.Text("run_name"));
        var run = await _runs.UpdateAsync(
            IdOf(request),
            run => run with
            {
                Status = status.Length == 0 ? run.Status : StatusOf(status),
                EndedAt = request.Number("end_time") ?? run.EndedAt,
                Name = name.Length == 0 ? run.Name : name,
                Tags = name.Length == 0 ? run.Tags : run.Tags.SetItem(NameTag, name),
            },
            cancellation);
        return new() { ["run_info"] = MlflowAnswers.InfoOf(run) };
    }

    private static RunStatus StatusOf(string text) =>
        Enum.TryParse<RunStatus>(text, ignoreCase: true, out var status) && status != RunStatus.None && Enum.IsDefined(status)
        ? status
        : throw MlflowRequest.Wrong($"the status is '{text}', expected RUNNING, SCHEDULED, FINISHED, FAILED or KILLED");

    private async Task<JsonObject> OutputsAsync(MlflowRequest request, CancellationToken cancellation)
    {
        var run = _runs.Require(IdOf(request));
        foreach (var output in request.Objects("models"))
        {
            await _logged.UpdateAsync(
                output["model_id"]?.ToString() ?? "",
                model => model.SourceRunId.Length == 0 ? model with { SourceRunId = run.Id } : model,
                cancellation);
        }

        return [];
    }

    private async Task<JsonObject> LogAsync(
        MlflowRequest request,
        IReadOnlyCollection<MetricPoint> metrics,
        IReadOnlyCollection<KeyValuePair<string, string>> parameters,
        IReadOnlyCollection<KeyValuePair<string, string>> tags,
        CancellationToken cancellation)
    {
        await _runs.LogAsync(IdOf(request), metrics, parameters, tags, cancellation);
        return [];
    }

    private async Task<JsonObject> ChangeAsync(MlflowRequest request, Func<Run, Run> change, CancellationToken cancellation)
    {
        await _runs.UpdateAsync(IdOf(request), change, cancellation);
        return [];
    }
}
