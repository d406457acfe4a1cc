using System.Collections.Immutable;
using System.Text.Json;
using Streaming.Features.Plans;
using Streaming.Node.Scoring;

namespace Streaming.Node.Http;

/// <summary>The body of POST /features, understood.</summary>
/// <param name="Entities">What to read, in order.</param>
/// <param name="AtMillis">The read time; null for the newest.</param>
internal sealed record FeaturesRequest(ImmutableArray<(EntityPlan Entity, string Key)> Entities, long? AtMillis)
{
    private const string Sample = "{\"entities\":[{\"entity\":\"card\",\"key\":\"card_12345\"}]}";

    /// <summary>Reads a body; either the request or the problem is null.</summary>
    public static (FeaturesRequest? Request, Problem? Problem) Parse(byte[] body, FeatureCatalog catalog, string[] names, int limit)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 8 });
            return Parse(document.RootElement, catalog, names, limit);
        }
        catch (JsonException e)
        {
            return (null, Problems.Of(RequestParser.Malformed(e)));
        }
        catch (InvalidOperationException e)
        {
            return (null, Problems.Of(RequestParser.Malformed(e)));
        }
    }

    private static (FeaturesRequest?, Problem?) Parse(JsonElement root, FeatureCatalog catalog, string[] names, int limit)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return (null, Problems.WrongShape($"Expected an object such as {Sample}."));
        }

        if (WrongIn(root, string.Empty, "entities", "at") is { } wrong)
        {
            return (null, wrong);
        }

        if (!root.TryGetProperty("entities", out var entities) || entities.ValueKind != JsonValueKind.Array)
        {
            return (null, Problems.MissingField("entities", Sample));
        }

        if (entities.GetArrayLength() is var count && count > limit)
        {
            return (null, Problems.TooMany(count, limit, "entities", "streaming.score.batch-limit"));
        }

        long? at = null;
        if (root.TryGetProperty("at", out var time) && time.ValueKind != JsonValueKind.Null)
        {
            var text = time.ValueKind == JsonValueKind.String ? time.GetString()! : time.GetRawText();
            if (!Instants.TryParse(text, out var millis))
            {
                return (null, Problems.InvalidTime(text));
            }

            at = millis;
        }

        return ParseEntities(entities, catalog, names, at);
    }

    private static (FeaturesRequest?, Problem?) ParseEntities(JsonElement entities, FeatureCatalog catalog, string[] names, long? at)
    {
        var wanted = ImmutableArray.CreateBuilder<(EntityPlan, string)>();
        foreach (var item in entities.EnumerateArray())
        {
            var path = FormattableString.Invariant($"entities[{wanted.Count}]");
            if (item.ValueKind != JsonValueKind.Object)
            {
                return (null, Problems.WrongShape($"{path} is no object; expected one such as {{\"entity\":\"card\",\"key\":\"card_12345\"}}."));
            }

            if (WrongIn(item, path + ".", "entity", "key") is { } wrong)
            {
                return (null, wrong);
            }

            if (TextOf(item, "entity") is not { } name || TextOf(item, "key") is not { } key)
            {
                return (null, Problems.MissingField($"{path}.{(TextOf(item, "entity") is null ? "entity" : "key")}", Sample));
            }

            if (catalog.FindEntity(name) is not { } entity)
            {
                return (null, Problems.UnknownEntity(name, names, $"{path}.entity"));
            }

            if (key.Length == 0)
            {
                return (null, Problems.EmptyKey($"{path}.key"));
            }

            wanted.Add((entity, key));
        }

        return (new(wanted.ToImmutable(), at), null);
    }

    private static string? TextOf(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The first member that is not known, or stands there for the second time.</summary>
    private static Problem? WrongIn(JsonElement element, string path, params string[] known)
    {
        var seen = new HashSet<string>();
        foreach (var name in element.EnumerateObject().Select(member => member.Name))
        {
            if (!known.Contains(name))
            {
                return Problems.UnknownField(name, known) with { Field = path + name };
            }

            if (!seen.Add(name))
            {
                return Problems.DuplicateField(path + name);
            }
        }

        return null;
    }
}
