using System.Text.Json.Nodes;

namespace Streaming.Offline.MLflow;

/// <summary>Cuts what is logged into requests within MLflow's limits: 1 MB, 1,000 metrics, 100 parameters, 100 tags.</summary>
internal static class MlflowBatches
{
    private const int BytesMax = 1_000_000;
    private const int MetricsMax = 1_000;
    private const int ParamsMax = 100;
    private const int TagsMax = 100;

    /// <summary>The bodies of <c>runs/log-batch</c>.</summary>
    public static IEnumerable<JsonObject> Of(
        string run, IEnumerable<JsonNode> metrics, IEnumerable<JsonNode> parameters, IEnumerable<JsonNode> tags) =>
        Cut(run, "metrics", metrics, MetricsMax).Concat(Cut(run, "params", parameters, ParamsMax)).Concat(Cut(run, "tags", tags, TagsMax));

    private static IEnumerable<JsonObject> Cut(string run, string member, IEnumerable<JsonNode> items, int countMax)
    {
        var (batch, bytes) = (new List<JsonNode>(), 0);
        foreach (var item in items)
        {
            // Escaped: a character is a byte.
            var size = item.ToJsonString().Length + 1;
            if (batch.Count == countMax || (batch.Count > 0 && bytes + size > BytesMax - 1_000))
            {
                yield return BodyOf(run, member, batch);
                (batch, bytes) = ([], 0);
            }

            batch.Add(item);
            bytes += size;
        }

        if (batch.Count > 0)
        {
            yield return BodyOf(run, member, batch);
        }
    }

    private static JsonObject BodyOf(string run, string member, List<JsonNode> batch) =>
        new() { ["run_id"] = run, [member] = new JsonArray([.. batch]) };
}
