using System.Globalization;
using System.Text.Json.Nodes;
using Streaming.Scoring.Registry;

namespace Streaming.Node.MLflow;

/// <summary>The folder's documents in the shapes of MLflow's protos.</summary>
internal static class MlflowAnswers
{
    private const string Active = "active";
    private const string Deleted = "deleted";

    public static JsonObject Of(Experiment experiment) => new()
    {
        ["experiment_id"] = experiment.Id,
        ["name"] = experiment.Name,
        ["artifact_location"] = ArtifactFolder.Scheme + experiment.Id,
        ["lifecycle_stage"] = experiment.IsDeleted ? Deleted : Active,
        ["creation_time"] = experiment.CreatedAt,
        ["last_update_time"] = experiment.UpdatedAt,
        ["tags"] = Pairs(experiment.Tags),
    };

    public static JsonObject Of(Run run) => new()
    {
        ["info"] = InfoOf(run),
        ["data"] = new JsonObject
        {
            ["metrics"] = List(run.LatestMetrics().Select(Of)),
            ["params"] = Pairs(run.Params),
            ["tags"] = Pairs(run.Tags),
        },
        ["inputs"] = new JsonObject(),
    };

    public static JsonObject InfoOf(Run run)
    {
        var info = new JsonObject
        {
            ["run_id"] = run.Id,
            ["run_uuid"] = run.Id,
            ["run_name"] = run.Name,
            ["experiment_id"] = run.ExperimentId,
            ["user_id"] = run.User,
            ["status"] = run.Status.ToString().ToUpperInvariant(),
            ["start_time"] = run.StartedAt,
            ["artifact_uri"] = ArtifactFolder.UriOf(run),
            ["lifecycle_stage"] = run.IsDeleted ? Deleted : Active,
        };
        if (run.EndedAt is { } ended)
        {
            info["end_time"] = ended;
        }

        return info;
    }

    public static JsonObject Of(MetricPoint point) => new()
    {
        ["key"] = point.Key,
        ["value"] = Double(point.Value),
        ["timestamp"] = point.Timestamp,
        ["step"] = point.Step,
    };

    public static JsonObject Of(RegisteredModel model)
    {
        var tags = Pairs(model.Tags);
        if (!model.History.IsEmpty)
        {
            var history = AliasHistory.Write(model.History, RegistryLimits.ModelTagLengthMax);
            tags.Add(new JsonObject { ["key"] = VersionTags.AliasHistory, ["value"] = history });
        }

        return new()
        {
            ["name"] = model.Name,
            ["creation_timestamp"] = model.CreatedAt,
            ["last_updated_timestamp"] = model.UpdatedAt,
            ["description"] = model.Description,
            ["latest_versions"] = List(model.Versions.TakeLast(1).Select(version => Of(model, version))),
            ["tags"] = tags,
            ["aliases"] = List(model.Aliases.Select(alias =>
                new JsonObject { ["alias"] = alias.Key, ["version"] = NumberOf(alias.Value) })),
        };
    }

    public static JsonObject Of(RegisteredModel model, ModelVersion version) => new()
    {
        ["name"] = model.Name,
        ["version"] = NumberOf(version.Version),
        ["creation_timestamp"] = version.CreatedAt,
        ["last_updated_timestamp"] = version.UpdatedAt,
        ["user_id"] = version.User,
        ["current_stage"] = "None",
        ["description"] = version.Description,
        ["source"] = version.Source,
        ["run_id"] = version.RunId,
        ["status"] = "READY",
        ["tags"] = Pairs(version.Tags),
        ["aliases"] = List(model.AliasesOf(version.Version).Select(alias => JsonValue.Create(alias))),
        ["model_id"] = version.ModelId,
        ["params"] = List(version.Params.Select(p => new JsonObject { ["name"] = p.Key, ["value"] = p.Value })),
        ["metrics"] = List(version.Metrics.Select(m => Of(new MetricPoint(m.Key, m.Value, version.CreatedAt, 0)))),
    };

    public static JsonObject Of(LoggedModel model) => new()
    {
        ["info"] = new JsonObject
        {
            ["model_id"] = model.Id,
            ["experiment_id"] = model.ExperimentId,
            ["name"] = model.Name,
            ["creation_timestamp_ms"] = model.CreatedAt,
            ["last_updated_timestamp_ms"] = model.UpdatedAt,
            ["artifact_uri"] = ArtifactFolder.UriOf(model),
            ["status"] = model.Status switch
            {
                LoggedModelStatus.Ready => "LOGGED_MODEL_READY",
                LoggedModelStatus.Failed => "LOGGED_MODEL_UPLOAD_FAILED",
                LoggedModelStatus.Pending => "LOGGED_MODEL_PENDING",
                _ => "LOGGED_MODEL_STATUS_UNSPECIFIED",
            },
            ["model_type"] = model.ModelType,
            ["source_run_id"] = model.SourceRunId,
            ["tags"] = Pairs(model.Tags),
        },
        ["data"] = new JsonObject { ["params"] = Pairs(model.Params), ["metrics"] = new JsonArray() },
    };

    public static JsonArray List(IEnumerable<JsonNode> items) => new([.. items]);

    /// <summary>An answer with a page of a list.</summary>
    public static JsonObject Page(string member, IEnumerable<JsonNode> page, string next)
    {
        var answer = new JsonObject { [member] = List(page) };
        if (next.Length > 0)
        {
            answer["next_page_token"] = next;
        }

        return answer;
    }

    private static JsonArray Pairs(IEnumerable<KeyValuePair<string, string>> pairs) =>
        List(pairs.Select(pair => new JsonObject { ["key"] = pair.Key, ["value"] = pair.Value }));

    private static string NumberOf(int version) => version.ToString(CultureInfo.InvariantCulture);

    // As protobuf's JSON has numbers that JSON has not.
    private static JsonValue Double(double value) => double.IsFinite(value)
        ? JsonValue.Create(value)
        : JsonValue.Create(double.IsNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity");
}
