using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Scoring.Requests;

namespace Streaming.Node.Http;

/// <summary>The body of POST /features, understood.</summary>
/// <param name="Entities">What to read, in order.</param>
/// <param name="AtMillis">The read time; null for the newest.</param>
internal sealed record FeaturesRequest(ImmutableArray<(EntityPlan Entity, string Key)> Entities, long? AtMillis)
{
    private const string SampleEntity = "{\"entity\":\"card\",\"key\":\"card_12345\"}";
    private const string Sample = $"{{\"entities\":[{SampleEntity}]}}";

    /// <summary>Reads a body; either the request or the problem is null.</summary>
    public static (FeaturesRequest? Request, Problem? Problem) Parse(byte[] body, FeatureCatalog catalog, string[] names, int limit)
    {
        if (body.Length == 0)
        {
            return (null, Problems.EmptyBody);
        }

        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 8 });
            return Parse(document.RootElement, catalog, names, limit);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return (null, Problems.Of(RequestFaults.Malformed(e)));
        }
    }

    /// <summary>Why a key is invalid; null if it is valid.</summary>
    public static Problem? WrongKey(string key, string path)
    {
        var bytes = Encoding.UTF8.GetBytes(key);
        return bytes.Length is 0 or > EventLimits.KeyBytesMax
            ? Problems.WrongValue(path, string.Create(CultureInfo.InvariantCulture, $"has {bytes.Length} bytes; {EventLimits.KeyRule}"))
            : EventLimits.Unseen(bytes) is { } unseen
            ? Problems.WrongValue(path, $"has {unseen} in it; {EventLimits.KeyRule}")
            : null;
    }

    private static (FeaturesRequest?, Problem?) Parse(JsonElement root, FeatureCatalog catalog, string[] names, int limit)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return (null, Problems.WrongShape($"Expected an object such as {Sample}."));
        }

        if (RequestMembers.WrongIn(root, string.Empty, "entities", "at") is { } wrong)
        {
            return (null, wrong);
        }

        if (!root.TryGetProperty("entities", out var entities))
        {
            return (null, Problems.MissingField("entities", Sample));
        }

        if (entities.ValueKind != JsonValueKind.Array)
        {
            var found = RequestMembers.NameOf(entities);
            return (null, Problems.WrongValue("entities", $"is {found}, expected an array such as [{SampleEntity}]"));
        }

        if (entities.GetArrayLength() is var count && count > limit)
        {
            return (null, Problems.TooMany(count, limit, "entities", "streaming.score.batch-limit"));
        }

        return TimeOf(root, out var at) is { } wrongTime ? (null, wrongTime) : ParseEntities(entities, catalog, names, at);
    }

    private static Problem? TimeOf(JsonElement root, out long? at)
    {
        at = null;
        if (!root.TryGetProperty("at", out var time) || time.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        var text = time.GetRawText();
        if (time.ValueKind == JsonValueKind.String && RequestMembers.TextOf(time, "at", Instants.Expected, out text) is { } wrong)
        {
            return wrong;
        }

        at = Instants.TryParse(text, out var millis) ? millis : null;
        return at is null ? Problems.InvalidTime(text) : null;
    }

    private static (FeaturesRequest?, Problem?) ParseEntities(JsonElement entities, FeatureCatalog catalog, string[] names, long? at)
    {
        var wanted = ImmutableArray.CreateBuilder<(EntityPlan, string)>();
        foreach (var item in entities.EnumerateArray())
        {
            var path = FormattableString.Invariant($"entities[{wanted.Count}]");
            if (Parse(item, path, catalog, names, out var one) is { } wrong)
            {
                return (null, wrong);
            }

            wanted.Add(one);
        }

        return (new(wanted.ToImmutable(), at), null);
    }

    private static Problem? Parse(JsonElement item, string path, FeatureCatalog catalog, string[] names, out (EntityPlan, string) wanted)
    {
        wanted = default;
        if (item.ValueKind != JsonValueKind.Object)
        {
            return Problems.WrongShape($"{path} is {RequestMembers.NameOf(item)}, expected an object such as {SampleEntity}.");
        }

        var (entityPath, keyPath, name, key) = (path + ".entity", path + ".key", string.Empty, string.Empty);
        var wrong = RequestMembers.WrongIn(item, path + ".", "entity", "key")
            ?? RequestMembers.TextOf(item, "entity", entityPath, "a text such as \"card\"", Sample, out name)
            ?? RequestMembers.TextOf(item, "key", keyPath, "a text such as \"card_12345\"", Sample, out key);
        if (wrong is not null)
        {
            return wrong;
        }

        if (catalog.FindEntity(name) is not { } entity)
        {
            return Problems.UnknownEntity(name, names, entityPath);
        }

        wanted = (entity, key);
        return WrongKey(key, keyPath);
    }
}
