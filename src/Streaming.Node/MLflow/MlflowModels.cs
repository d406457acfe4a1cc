using System.Globalization;
using System.Text.Json.Nodes;
using Streaming.Scoring.Registry;

namespace Streaming.Node.MLflow;

/// <summary><c>registered-models/...</c>.</summary>
internal sealed class MlflowModels(RegistryFolder folder)
{
    private const int PageSize = 100;
    private const string Client = "a client of MLflow";
    private readonly ModelFolder _models = new(folder);

    public void Add(MlflowOperations operations)
    {
        operations.Read("GET", "registered-models/get", (r, _) => One(_models.Require(r.Required("name"))));
        operations.Read("GET", "registered-models/search", (r, _) => Task.FromResult(Search(r)));
        operations.Read("GET", "registered-models/alias", (r, _) => Task.FromResult(ByAlias(r)));
        operations.Read("GET", "registered-models/get-latest-versions", (r, _) => Task.FromResult(Latest(r)));
        operations.Read("POST", "registered-models/get-latest-versions", (r, _) => Task.FromResult(Latest(r)));
        operations.Write("POST", "registered-models/create", CreateAsync);
        operations.Write("PATCH", "registered-models/update", (r, stop) =>
            ChangeAsync(r, model => model with { Description = r.Text("description") }, stop));
        operations.Write("POST", "registered-models/set-tag", (r, stop) => ChangeAsync(r, model => SetTag(model, r), stop));
        operations.Write("DELETE", "registered-models/delete-tag", (r, stop) =>
            ChangeAsync(r, model => model with { Tags = model.Tags.Remove(r.Required("key")) }, stop));
        operations.Write("POST", "registered-models/alias", (r, stop) =>
            ChangeAsync(r, model => SetAlias(model, r.Required("alias"), VersionOf(r)), stop));
        operations.Write("DELETE", "registered-models/alias", (r, stop) =>
            ChangeAsync(r, model => SetAlias(model, r.Required("alias"), 0), stop));
    }

    /// <summary>The number of the version that a request names.</summary>
    public static int VersionOf(MlflowRequest request) =>
        int.TryParse(request.Required("version"), NumberStyles.None, CultureInfo.InvariantCulture, out var version) && version > 0
            ? version
            : throw MlflowRequest.Wrong($"the version is '{request.Text("version")}', expected a number");

    private static Task<JsonObject> One(RegisteredModel model) =>
        Task.FromResult(new JsonObject { ["registered_model"] = MlflowAnswers.Of(model) });

    private JsonObject Search(MlflowRequest request)
    {
        var filter = MlflowFilter.Parse(request.Text("filter"));
        var found = MlflowOrder.By(
            _models.All().Where(model => filter.Holds(name => ValueOf(model, name))), request.Texts("order_by"), ValueOf).ToList();
        var (page, next) = request.Page(found, PageSize);
        return MlflowAnswers.Page("registered_models", page.Select(MlflowAnswers.Of), next);
    }

    private static object? ValueOf(RegisteredModel model, string name) => name switch
    {
        "name" => model.Name,
        "creation_timestamp" => (double)model.CreatedAt,
        "timestamp" or "last_updated_timestamp" => (double)model.UpdatedAt,
        _ when name.StartsWith("tags.", StringComparison.Ordinal) => model.Tags.GetValueOrDefault(name["tags.".Length..]),
        _ => throw MlflowRequest.Wrong($"registered models cannot be filtered or ordered by '{name}'"),
    };

    private JsonObject ByAlias(MlflowRequest request)
    {
        var (model, alias) = (_models.Require(request.Required("name")), request.Required("alias"));
        return model.Aliases.TryGetValue(alias, out var version)
            ? new() { ["model_version"] = MlflowAnswers.Of(model, model.Require(version)) }
            : throw new RegistryException(RegistryFault.NotFound, $"the model '{model.Name}' has no alias '{alias}'");
    }

    private JsonObject Latest(MlflowRequest request)
    {
        var model = _models.Require(request.Required("name"));
        return new() { ["model_versions"] = MlflowAnswers.List(model.Versions.TakeLast(1).Select(v => MlflowAnswers.Of(model, v))) };
    }

    private async Task<JsonObject> CreateAsync(MlflowRequest request, CancellationToken cancellation) => await One(
        await _models.CreateAsync(request.Required("name"), request.Text("description"), request.Pairs("tags"), cancellation));

    private async Task<JsonObject> ChangeAsync(
        MlflowRequest request, Func<RegisteredModel, RegisteredModel> change, CancellationToken cancellation) =>
        await One(await _models.UpdateAsync(request.Required("name"), change, cancellation));

    private RegisteredModel SetAlias(RegisteredModel model, string alias, int version)
    {
        var current = model.Aliases.GetValueOrDefault(alias);
        return version == current
            ? model
            : ModelAliases.Apply(model, new(alias, version, current, Client, folder.NowMillis, IsRollback: false));
    }

    /// <summary>The history that our own client writes says who moved the alias, which MLflow's request for it does not.</summary>
    private static RegisteredModel SetTag(RegisteredModel model, MlflowRequest request)
    {
        var (key, value) = (request.Required("key"), request.Text("value"));
        if (key != VersionTags.AliasHistory)
        {
            return model with { Tags = model.Tags.SetItem(key, value) };
        }

        return AliasHistory.Read(value) is [.., var last] && model.History is [.., var own]
            && (last.Alias, last.Version, last.Previous) == (own.Alias, own.Version, own.Previous)
            ? model with { History = model.History.SetItem(model.History.Length - 1, last) }
            : throw MlflowRequest.Wrong($"the tag {key} does not end with the move of an alias that was just made");
    }
}
