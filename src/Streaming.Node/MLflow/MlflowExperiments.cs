using System.Text.Json.Nodes;
using Streaming.Scoring.Registry;

namespace Streaming.Node.MLflow;

/// <summary><c>experiments/...</c>.</summary>
internal sealed class MlflowExperiments(RegistryFolder folder)
{
    private const int PageSize = 1_000;
    private readonly ExperimentFolder _experiments = new(folder);

    public void Add(MlflowOperations operations)
    {
        operations.Read("GET", "experiments/get", (r, _) => One(_experiments.Require(r.Required("experiment_id"))));
        operations.Read("GET", "experiments/get-by-name", (r, _) => One(ByName(r.Required("experiment_name"))));
        operations.Read("POST", "experiments/search", (r, _) => Task.FromResult(Search(r)));
        operations.Read("GET", "experiments/search", (r, _) => Task.FromResult(Search(r)));
        operations.Write("POST", "experiments/create", CreateAsync);
        operations.Write("POST", "experiments/update", (r, stop) => ChangeAsync(r, e => e with { Name = r.Required("new_name") }, stop));
        operations.Write("POST", "experiments/delete", (r, stop) => ChangeAsync(r, e => e with { IsDeleted = true }, stop));
        operations.Write("POST", "experiments/restore", (r, stop) => ChangeAsync(r, e => e with { IsDeleted = false }, stop));
        operations.Write("POST", "experiments/set-experiment-tag", (r, stop) =>
            ChangeAsync(r, e => e with { Tags = e.Tags.SetItem(r.Required("key"), r.Text("value")) }, stop));
    }

    /// <summary>Whether a view of active, deleted or all things has one.</summary>
    public static bool IsInView(string view, bool isDeleted) => view switch
    {
        "" or "ACTIVE_ONLY" => !isDeleted,
        "DELETED_ONLY" => isDeleted,
        "ALL" => true,
        _ => throw MlflowRequest.Wrong($"the view is '{view}', expected ACTIVE_ONLY, DELETED_ONLY or ALL"),
    };

    private static Task<JsonObject> One(Experiment experiment) =>
        Task.FromResult(new JsonObject { ["experiment"] = MlflowAnswers.Of(experiment) });

    private Experiment ByName(string name) => _experiments.FindByName(name)
        ?? throw new RegistryException(RegistryFault.NotFound, $"there is no experiment '{name}'");

    private JsonObject Search(MlflowRequest request)
    {
        var filter = MlflowFilter.Parse(request.Text("filter"));
        var found = MlflowOrder.By(
            _experiments.All().Where(
                each => IsInView(request.Text("view_type"), each.IsDeleted) && filter.Holds(name => ValueOf(each, name))),
            request.Texts("order_by"),
            ValueOf).ThenByDescending(each => each.UpdatedAt).ToList();
        var (page, next) = request.Page(found, PageSize);
        return MlflowAnswers.Page("experiments", page.Select(MlflowAnswers.Of), next);
    }

    private static object? ValueOf(Experiment experiment, string name) => name switch
    {
        "name" => experiment.Name,
        "experiment_id" => experiment.Id,
        "creation_time" => (double)experiment.CreatedAt,
        "last_update_time" => (double)experiment.UpdatedAt,
        _ when name.StartsWith("tags.", StringComparison.Ordinal) => experiment.Tags.GetValueOrDefault(name["tags.".Length..]),
        _ => throw MlflowRequest.Wrong($"experiments cannot be filtered or ordered by '{name}'"),
    };

    private async Task<JsonObject> CreateAsync(MlflowRequest request, CancellationToken cancellation)
    {
        var made = await _experiments.CreateAsync(request.Required("name"), request.Pairs("tags"), cancellation);
        return new() { ["experiment_id"] = made.Id };
    }

    private async Task<JsonObject> ChangeAsync(MlflowRequest request, Func<Experiment, Experiment> change, CancellationToken cancellation)
    {
        await _experiments.UpdateAsync(request.Required("experiment_id"), change, cancellation);
        return [];
    }
}
