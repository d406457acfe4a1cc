using System.Text.Json.Nodes;
using Streaming.Scoring.Registry;

namespace Streaming.Offline.MLflow;

/// <summary>Experiments, runs, their files and logged models of an MLflow server.</summary>
internal sealed class MlflowTracking(MlflowConnection server)
{
    private const string ProxyPath = "/api/2.0/mlflow-artifacts/artifacts/";

    /// <summary>The id of the experiment of that name, which is made if it is new.</summary>
    public async Task<string> ExperimentAsync(string name, CancellationToken cancellation)
    {
        if (await FindExperimentAsync(name, cancellation) is { } id)
        {
            return id;
        }

        try
        {
            var made = await server.SendAsync(HttpMethod.Post, "experiments/create", new() { ["name"] = name }, cancellation);
            return made.Text("experiment_id");
        }
        catch (RegistryException same) when (same.Fault == RegistryFault.AlreadyExists)
        {
            return await FindExperimentAsync(name, cancellation) ?? throw new RegistryException(
                RegistryFault.Away, $"the experiment '{name}' at {server.Where} cannot be found, but is there; try again", same);
        }
    }

    /// <summary>Writes a run.</summary>
    /// <returns>Its id.</returns>
    public async Task<string> LogAsync(RunDraft draft, CancellationToken cancellation)
    {
        var experiment = await ExperimentAsync(draft.Experiment, cancellation);
        var body = new JsonObject
        {
            ["experiment_id"] = experiment,
            ["user_id"] = draft.By,
            ["run_name"] = draft.Name,
            ["start_time"] = draft.Started.ToUnixTimeMilliseconds(),
            ["tags"] = MlflowJson.ListOf([new("mlflow.user", draft.By), new("mlflow.source.name", "streaming")]),
        };
        var made = await server.SendAsync(HttpMethod.Post, "runs/create", body, cancellation);
        var info = made.Object("run").Object("info");
        var run = info.Text("run_id");
        try
        {
            await FillAsync(run, info.Text("artifact_uri"), draft, cancellation);
        }
        catch (RegistryException)
        {
            await EndAsync(run, "FAILED", draft.Ended, cancellation);
            throw;
        }

        await EndAsync(run, "FINISHED", draft.Ended, cancellation);
        return run;
    }

    /// <summary>A run's parameters and metrics.</summary>
    public async Task<JsonObject> DataOfAsync(string run, CancellationToken cancellation) =>
        (await server.GetAsync("runs/get?run_id=" + Uri.EscapeDataString(run), cancellation)).Object("run").Object("data");

    /// <summary>Writes a model's file as a logged model of MLflow 3, or below the run where the server has none.</summary>
    /// <returns>The URI of its files, and its id, which is empty for a run's files.</returns>
    public async Task<(string Source, string ModelId)> LogModelAsync(VersionDraft draft, CancellationToken cancellation)
    {
        var experiment = await ExperimentAsync(draft.Experiment, cancellation);
        if (await CreateModelAsync(experiment, draft, cancellation) is not { } info)
        {
            return (await UploadToRunAsync(draft, cancellation), "");
        }

        var id = info.Text("model_id");
        await server.UploadAsync($"{PathOf(info.Text("artifact_uri"))}/{ModelFolder.ModelFile}", draft.File, cancellation);
        await server.SendAsync(
            HttpMethod.Patch, $"logged-models/{id}", new() { ["model_id"] = id, ["status"] = "LOGGED_MODEL_READY" }, cancellation);
        if (draft.RunId.Length > 0)
        {
            var output = new JsonObject { ["model_id"] = id, ["step"] = 0 };
            await server.SendAsync(
                HttpMethod.Post, "runs/outputs", new() { ["run_id"] = draft.RunId, ["models"] = new JsonArray(output) }, cancellation);
        }

        return ($"models:/{id}", id);
    }

    private async Task<string?> FindExperimentAsync(string name, CancellationToken cancellation)
    {
        try
        {
            var found = await server.GetAsync("experiments/get-by-name?experiment_name=" + Uri.EscapeDataString(name), cancellation);
            var experiment = found.Object("experiment");
            return experiment.Text("lifecycle_stage") == "deleted"
                ? throw new RegistryException(
                    RegistryFault.Conflict, $"the experiment '{name}' at {server.Where} was deleted; restore it there first")
                : experiment.Text("experiment_id");
        }
        catch (RegistryException none) when (none.Fault == RegistryFault.NotFound)
        {
            return null;
        }
    }

    private async Task FillAsync(string run, string artifacts, RunDraft draft, CancellationToken cancellation)
    {
        var metrics = draft.Metrics.Select(point => (JsonNode)new JsonObject
        {
            ["key"] = point.Key,
            ["value"] = MlflowJson.Double(point.Value),
            ["timestamp"] = point.Timestamp,
            ["step"] = point.Step,
        });
        static IEnumerable<JsonNode> Items(IEnumerable<KeyValuePair<string, string>> pairs) =>
            pairs.Select(pair => (JsonNode)new JsonObject { ["key"] = pair.Key, ["value"] = pair.Value });
        foreach (var batch in MlflowBatches.Of(run, metrics, Items(draft.Params), Items(draft.Tags)))
        {
            await server.SendAsync(HttpMethod.Post, "runs/log-batch", batch, cancellation);
        }

        foreach (var (path, file) in draft.Artifacts)
        {
            await server.UploadAsync($"{PathOf(artifacts)}/{path}", file, cancellation);
        }
    }

    private Task<JsonObject> EndAsync(string run, string status, DateTimeOffset ended, CancellationToken cancellation) => server.SendAsync(
        HttpMethod.Post,
        "runs/update",
        new() { ["run_id"] = run, ["status"] = status, ["end_time"] = ended.ToUnixTimeMilliseconds() },
        cancellation);

    private async Task<JsonObject?> CreateModelAsync(string experiment, VersionDraft draft, CancellationToken cancellation)
    {
        var body = new JsonObject
        {
            ["experiment_id"] = experiment,
            ["name"] = draft.Name,
            ["model_type"] = "onnx",
            ["params"] = MlflowJson.ListOf(draft.Params),
        };
        if (draft.RunId.Length > 0)
        {
            body["source_run_id"] = draft.RunId;
        }

        try
        {
            var made = await server.SendAsync(HttpMethod.Post, "logged-models", body, cancellation);
            return made.Object("model").Object("info");
        }
        catch (RegistryException old) when (old.Fault == RegistryFault.NotFound && draft.RunId.Length > 0)
        {
            // MLflow 2 has no logged models.
            return null;
        }
    }

    private async Task<string> UploadToRunAsync(VersionDraft draft, CancellationToken cancellation)
    {
        var run = await server.GetAsync("runs/get?run_id=" + Uri.EscapeDataString(draft.RunId), cancellation);
        var uri = run.Object("run").Object("info").Text("artifact_uri");
        await server.UploadAsync($"{PathOf(uri)}/model/{ModelFolder.ModelFile}", draft.File, cancellation);
        return $"{uri}/model";
    }

    /// <summary>The path below the server's artifact proxy that a URI names.</summary>
    private string PathOf(string uri)
    {
        if (Uri.TryCreate(uri, UriKind.Absolute, out var parsed))
        {
            if (parsed.Scheme == "mlflow-artifacts")
            {
                return Uri.UnescapeDataString(parsed.AbsolutePath).Trim('/');
            }

            var at = parsed.Scheme is "http" or "https" ? parsed.AbsolutePath.IndexOf(ProxyPath, StringComparison.Ordinal) : -1;
            if (at >= 0)
            {
                return Uri.UnescapeDataString(parsed.AbsolutePath[(at + ProxyPath.Length)..]).Trim('/');
            }
        }

        throw new RegistryException(
            RegistryFault.Invalid,
            $"MLflow at {server.Where} keeps artifacts at {uri}, which only its own client can write; start it with --serve-artifacts");
    }
}
