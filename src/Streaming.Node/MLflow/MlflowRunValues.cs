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
    public static ImmutableArray<Run> Order(IEnumerable<Run> runs, IReadOnlyList<string> by)
    {
        var ordered = runs.OrderBy(_ => 0);
        foreach (var text in by)
        {
            var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            var isDescending = words.Length == 2 && words[1].Equals("DESC", StringComparison.OrdinalIgnoreCase);
            var isAscending = words.Length == 1 || (words.Length == 2 && words[1].Equals("ASC", StringComparison.OrdinalIgnoreCase));
            if (!isDescending && !isAscending)
            {
                throw MlflowRequest.Wrong($"the order is '{text}', expected a name with ASC or DESC behind it");
            }

            var name = NameOf(words[0]);
            ordered = ordered.ThenBy(run => Of(run, name) is null);
            ordered = isDescending
                ? ordered.ThenByDescending(run => Of(run, name), Comparer<object?>.Default)
                : ordered.ThenBy(run => Of(run, name), Comparer<object?>.Default);
        }

        return [.. ordered.ThenByDescending(run => run.StartedAt).ThenBy(run => run.Id, StringComparer.Ordinal)];
    }

    private static string NameOf(string word)
    {
        var plain = word.Replace("`", "", StringComparison.Ordinal).Replace("\"", "", StringComparison.Ordinal);
        foreach (var (prefix, kind) in ((string, string)[])
            [("attributes.", ""), ("attribute.", ""), ("metric.", "metrics."), ("param.", "params."), ("tag.", "tags.")])
        {
            if (plain.StartsWith(prefix, StringComparison.Ordinal))
            {
                return kind + plain[prefix.Length..];
            }
        }

        return plain;
    }
}
