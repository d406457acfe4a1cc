using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Streaming.Scoring.Registry;

namespace Streaming.Offline.MLflow;

/// <summary>An MLflow server as the registry, over its REST API.</summary>
public sealed class MlflowModelRegistry : IModelRegistry
{
    private const int TagLengthMax = 5_000;
    private readonly MlflowConnection _server;
    private readonly MlflowTracking _tracking;
    private readonly TimeProvider _clock;

    /// <param name="settings">The server.</param>
    /// <param name="clock">Tells when a version is archived.</param>
    /// <exception cref="RegistryException">A certificate cannot be read.</exception>
    public MlflowModelRegistry(MlflowSettings settings, TimeProvider clock)
    {
        _server = new MlflowConnection(settings);
        _tracking = new MlflowTracking(_server);
        _clock = clock;
    }

    /// <inheritdoc/>
    public string Location => _server.Where;

    /// <inheritdoc/>
    public Task<string> LogRunAsync(RunDraft draft, CancellationToken cancellation) => _tracking.LogAsync(draft, cancellation);

    /// <inheritdoc/>
    public async Task<ModelVersion> RegisterAsync(VersionDraft draft, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(draft);
        RegistryNames.Require("model", draft.Name);
        var (source, model) = await _tracking.LogModelAsync(draft, cancellation);
        try
        {
            await PostAsync("registered-models/create", new() { ["name"] = draft.Name }, cancellation);
        }
        catch (RegistryException same) when (same.Fault == RegistryFault.AlreadyExists)
        {
            // As it should be from the second version on.
        }

        // A longer one is refused by some of MLflow's databases; the run has the gate's result as a file.
        var tags = draft.Tags.SetItem(VersionTags.RegisteredBy, draft.By).Where(tag => tag.Value.Length <= TagLengthMax);
        var body = new JsonObject
        {
            ["name"] = draft.Name,
            ["source"] = source,
            ["description"] = draft.Description,
            ["tags"] = MlflowJson.ListOf(tags),
        };
        if (draft.RunId.Length > 0)
        {
            body["run_id"] = draft.RunId;
        }

        if (model.Length > 0)
        {
            body["model_id"] = model;
        }

        var made = await PostAsync("model-versions/create", body, cancellation);
        return MlflowEntities.VersionOf(made.Object("model_version")) with { Params = draft.Params, Metrics = draft.Metrics };
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<RegisteredModel>> ListAsync(CancellationToken cancellation)
    {
        var models = await PagesAsync("registered-models/search?max_results=100", "registered_models", cancellation);
        var all = ImmutableArray.CreateBuilder<RegisteredModel>();
        foreach (var model in models)
        {
            all.Add(MlflowEntities.ModelOf(model, await VersionsAsync(model.Text("name"), cancellation)));
        }

        return all.ToImmutable();
    }

    /// <inheritdoc/>
    public async Task<RegisteredModel> GetAsync(string name, CancellationToken cancellation)
    {
        var found = await _server.GetAsync("registered-models/get?name=" + Uri.EscapeDataString(name), cancellation);
        var versions = ImmutableArray.CreateBuilder<ModelVersion>();
        foreach (var version in await VersionsAsync(name, cancellation))
        {
            versions.Add(await WithDataAsync(version, cancellation));
        }

        return MlflowEntities.ModelOf(found.Object("registered_model"), versions.ToImmutable());
    }

    /// <inheritdoc/>
    public async Task MoveAliasAsync(string name, AliasMove move, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(move);
        var moved = ModelAliases.Apply(await GetAsync(name, cancellation), move);
        var alias = new JsonObject { ["name"] = name, ["alias"] = move.Alias };
        if (move.Version > 0)
        {
            alias["version"] = MlflowEntities.NumberOf(move.Version);
            await PostAsync("registered-models/alias", alias, cancellation);
        }
        else
        {
            await _server.SendAsync(HttpMethod.Delete, "registered-models/alias", alias, cancellation);
        }

        await PostAsync(
            "registered-models/set-tag",
            new() { ["name"] = name, ["key"] = VersionTags.AliasHistory, ["value"] = AliasHistory.Write(moved.History, TagLengthMax) },
            cancellation);
    }

    /// <inheritdoc/>
    public async Task ArchiveAsync(string name, int version, string by, CancellationToken cancellation)
    {
        var model = await GetAsync(name, cancellation);
        var archived = ModelAliases.Archive(model, model.Require(version), by, _clock.GetUtcNow());
        await PostAsync(
            "model-versions/set-tag",
            new()
            {
                ["name"] = name,
                ["version"] = MlflowEntities.NumberOf(version),
                ["key"] = VersionTags.Archived,
                ["value"] = archived.Tags[VersionTags.Archived],
            },
            cancellation);
    }

    /// <inheritdoc/>
    public void Dispose() => _server.Dispose();

    private Task<JsonObject> PostAsync(string path, JsonObject body, CancellationToken cancellation) =>
        _server.SendAsync(HttpMethod.Post, path, body, cancellation);

    private async Task<ImmutableArray<ModelVersion>> VersionsAsync(string name, CancellationToken cancellation)
    {
        var filter = Uri.EscapeDataString($"name='{name.Replace("'", "''", StringComparison.Ordinal)}'");
        var found = await PagesAsync($"model-versions/search?filter={filter}&max_results=1000", "model_versions", cancellation);
        return [.. found.Select(MlflowEntities.VersionOf).OrderBy(version => version.Version)];
    }

    private async Task<List<JsonObject>> PagesAsync(string path, string member, CancellationToken cancellation)
    {
        var (all, token) = (new List<JsonObject>(), "");
        do
        {
            var page = await _server.GetAsync(token.Length == 0 ? path : $"{path}&page_token={Uri.EscapeDataString(token)}", cancellation);
            all.AddRange(page.Objects(member));
            token = page.Text("next_page_token");
        }
        while (token.Length > 0);
        return all;
    }

    // MLflow keeps parameters and metrics with the run; it may have been deleted.
    private async Task<ModelVersion> WithDataAsync(ModelVersion version, CancellationToken cancellation)
    {
        if (version.RunId.Length == 0 || version.Metrics.Count > 0 || version.Params.Count > 0)
        {
            return version;
        }

        try
        {
            var data = await _tracking.DataOfAsync(version.RunId, cancellation);
            return version with { Params = data.Pairs("params"), Metrics = data.Metrics("metrics") };
        }
        catch (RegistryException gone) when (gone.Fault == RegistryFault.NotFound)
        {
            return version;
        }
    }
}
