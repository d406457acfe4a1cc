using System.Collections.Immutable;
using Streaming.Scoring.Registry;

namespace Streaming.Node.MLflow;

/// <summary>What runs are filtered and ordered by.</summary>
internal static class MlflowRunValues
{
    /// <summary>A value by its name in a filter; null where the run has none.</summary>
    public static object? Of(Run run, string name)
    {
        var (kind, key) = name.IndexOf('.', StringComparison.Ordinal) is > 0 and var dot ? (name[..dot], name[(dot + 1)..]) : ("", name);
        return (kind, key) switch
        {
            ("tags", _) => run.Tags.GetValueOrDefault(key),
            ("params", _) => run.Params.GetValueOrDefault(key),
            ("metrics", _) => run.LatestMetrics().FirstOrDefault(point => point.Key == key)?.Value,
            (_, "run_id" or "run_uuid") => run.Id,
            (_, "run_name" or "name" or "Name") => run.Name,
            (_, "experiment_id") => run.ExperimentId,
            (_, "user_id") => run.User,
            (_, "status") => run.Status.ToString().ToUpperInvariant(),
            (_, "start_time" or "created" or "Created") => (double)run.StartedAt,
            (_, "end_time") => (double?)run.EndedAt,
            _ => throw MlflowRequest.Wrong($"runs cannot be filtered or ordered by '{name}'"),
        };
    }

    /// <summary>Runs in an order such as <c>metrics.auc DESC</c>; the newest first otherwise. Those without the value come last.</summary>
    public static ImmutableArray<Run> Order(IEnumerable<Run> runs, IReadOnlyList<string> by) =>
        [.. MlflowOrder.By(runs, by, Of).ThenByDescending(run => run.StartedAt).ThenBy(run => run.Id, StringComparer.Ordinal)];
}
