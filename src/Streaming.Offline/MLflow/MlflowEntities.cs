using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Nodes;
using Streaming.Scoring.Registry;

namespace Streaming.Offline.MLflow;

/// <summary>MLflow's registered models and versions as ours.</summary>
internal static class MlflowEntities
{
    /// <summary>A version's number as MLflow writes it.</summary>
    public static string NumberOf(int version) => version.ToString(CultureInfo.InvariantCulture);

    /// <summary>A version.</summary>
    public static ModelVersion VersionOf(JsonObject json)
    {
        var tags = json.Pairs("tags");
        var user = json.Text("user_id");
        return new()
        {
            Version = (int)json.Number("version"),
            CreatedAt = json.Number("creation_timestamp"),
            UpdatedAt = json.Number("last_updated_timestamp"),
            User = user.Length > 0 ? user : tags.GetValueOrDefault(VersionTags.RegisteredBy, ""),
            Description = json.Text("description"),
            Source = json.Text("source"),
            RunId = json.Text("run_id"),
            ModelId = json.Text("model_id"),
            Tags = tags,
            Params = Params(json),
            Metrics = json.Metrics("metrics"),
        };
    }

    /// <summary>A model.</summary>
    public static RegisteredModel ModelOf(JsonObject json, ImmutableArray<ModelVersion> versions)
    {
        var tags = json.Pairs("tags");
        return new()
        {
            Name = json.Text("name"),
            CreatedAt = json.Number("creation_timestamp"),
            UpdatedAt = json.Number("last_updated_timestamp"),
            Description = json.Text("description"),
            LastVersion = versions.Select(version => version.Version).DefaultIfEmpty().Max(),
            Tags = tags,
            Aliases = json.Objects("aliases").ToImmutableSortedDictionary(
                alias => alias.Text("alias"), alias => (int)alias.Number("version"), StringComparer.Ordinal),
            History = AliasHistory.Read(tags.GetValueOrDefault(VersionTags.AliasHistory, "")),
            Versions = versions,
        };
    }

    // A version's own parameters have names, those of a run keys.
    private static ImmutableSortedDictionary<string, string> Params(JsonObject json) =>
        json.Objects("params").ToLookup(pair => pair.Text("name") is { Length: > 0 } name ? name : pair.Text("key"))
            .ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Last().Text("value"), StringComparer.Ordinal);
}
