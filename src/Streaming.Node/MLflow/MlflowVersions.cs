using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Streaming.Scoring.Registry;

namespace Streaming.Node.MLflow;

/// <summary><c>model-versions/...</c>. Versions are not deleted: past scores need their files; they are archived by a tag.</summary>
internal sealed class MlflowVersions(RegistryFolder folder)
{
    private const int PageSize = 10_000;
    private readonly ModelFolder _models = new(folder);
    private readonly RunFolder _runs = new(folder);
    private readonly MlflowSources _sources = new(folder);

    public void Add(MlflowOperations operations)
    {
        operations.Read("GET", "model-versions/get", (r, _) => Task.FromResult(Get(r)));
        operations.Read("GET", "model-versions/search", (r, _) => Task.FromResult(Search(r)));
        operations.Read("GET", "model-versions/get-download-uri", (r, _) => Task.FromResult(Download(r)));
        operations.Write("POST", "model-versions/create", CreateAsync);
        operations.Write("PATCH", "model-versions/update", (r, stop) =>
            ChangeAsync(r, version => version with { Description = r.Text("description") }, stop));
        operations.Write("POST", "model-versions/set-tag", (r, stop) =>
            ChangeAsync(r, version => version with { Tags = version.Tags.SetItem(r.Required("key"), r.Text("value")) }, stop));
        operations.Write("DELETE", "model-versions/delete-tag", (r, stop) =>
            ChangeAsync(r, version => version with { Tags = version.Tags.Remove(r.Required("key")) }, stop));
    }

    private static JsonObject One(RegisteredModel model, ModelVersion version) =>
        new() { ["model_version"] = MlflowAnswers.Of(model, version) };

    private JsonObject Get(MlflowRequest request)
    {
        var model = _models.Require(request.Required("name"));
        return One(model, model.Require(MlflowModels.VersionOf(request)));
    }

    private JsonObject Download(MlflowRequest request)
    {
        var model = _models.Require(request.Required("name"));
        return new() { ["artifact_uri"] = ArtifactFolder.UriOf(model.Name, model.Require(MlflowModels.VersionOf(request)).Version) };
    }

    private JsonObject Search(MlflowRequest request)
    {
        var filter = MlflowFilter.Parse(request.Text("filter"));
        var all = _models.All().SelectMany(model => model.Versions.Reverse().Select(version => (Model: model, Version: version)));
        var found = MlflowOrder.By(
            all.Where(each => filter.Holds(name => ValueOf(each.Model, each.Version, name))),
            request.Texts("order_by"),
            (each, name) => ValueOf(each.Model, each.Version, name)).ToList();
        var (page, next) = request.Page(found, PageSize);
        return MlflowAnswers.Page("model_versions", page.Select(each => MlflowAnswers.Of(each.Model, each.Version)), next);
    }

    private static object? ValueOf(RegisteredModel model, ModelVersion version, string name) => name switch
    {
        "name" => model.Name,
        "run_id" => version.RunId,
        "source_path" => version.Source,
        "version_number" => (double)version.Version,
        "creation_timestamp" => (double)version.CreatedAt,
        "last_updated_timestamp" => (double)version.UpdatedAt,
        _ when name.StartsWith("tags.", StringComparison.Ordinal) => version.Tags.GetValueOrDefault(name["tags.".Length..]),
        _ => throw MlflowRequest.Wrong($"versions cannot be filtered or ordered by '{name}'"),
    };

    private async Task<JsonObject> CreateAsync(MlflowRequest request, CancellationToken cancellation)
    {
        var (name, source) = (request.Required("name"), request.Required("source"));
        var files = _sources.Find(source, request.Text("model_id"));
        var run = request.Text("run_id") is { Length: > 0 } id ? _runs.Require(id) : null;
        var version = await _models.AddVersionAsync(
            name,
            new ModelVersion
            {
                Version = 0,
                Source = source,
                RunId = run?.Id ?? "",
                Params = run?.Params ?? ImmutableSortedDictionary<string, string>.Empty,
                Metrics = (run?.LatestMetrics() ?? []).ToImmutableSortedDictionary(m => m.Key, m => m.Value, StringComparer.Ordinal),
                ModelId = files.ModelId,
                Description = request.Text("description"),
                Tags = request.Pairs("tags").ToImmutableSortedDictionary(StringComparer.Ordinal),
                User = request.Pairs("tags").FirstOrDefault(tag => tag.Key == VersionTags.RegisteredBy).Value ?? "",
            },
            into => _sources.Copy(files.Path, into),
            mustExist: true,
            cancellation);
        return One(_models.Require(name), version);
    }

    private async Task<JsonObject> ChangeAsync(
        MlflowRequest request, Func<ModelVersion, ModelVersion> change, CancellationToken cancellation)
    {
        var version = await _models.UpdateVersionAsync(
            request.Required("name"), MlflowModels.VersionOf(request), (_, each) => change(each), cancellation);
        return One(_models.Require(request.Required("name")), version);
    }
}
