using System.Net.Http.Json;
using System.Text.Json;
using Streaming.Chaos.Processes;
using Streaming.Contracts.Schemas;

namespace Streaming.Chaos.Folds;

/// <summary>Compares a node with the fold of the log.</summary>
internal sealed class Comparison(Fold fold, string when)
{
    private const int BatchMax = 200;
    private const int FailuresMax = 10;
    private static readonly Dictionary<string, string> s_counts = new()
    {
        [EventSchemas.Transactions] = "chaos_card.n",
        [EventSchemas.Clicks] = "chaos_user.clicks",
        [EventSchemas.Labels] = "chaos_terminal.labels_400d",
    };

    private readonly Dictionary<string, double> _applied = [];

    /// <summary>What differs; the first of it.</summary>
    public List<string> Failures { get; } = [];

    /// <summary>Whether an answer says that it is stale: the node has fallen behind again, and there is nothing to compare.</summary>
    public bool IsStale { get; private set; }

    /// <summary>Entities that were compared.</summary>
    public int Entities { get; private set; }

    /// <summary>Features that differ.</summary>
    public int Mismatches { get; private set; }

    /// <summary>Events that entities lack.</summary>
    public double Lost { get; private set; }

    /// <summary>Events that entities have too often.</summary>
    public double Doubled { get; private set; }

    /// <summary>Reads every entity and compares it; then the sums.</summary>
    public async Task RunAsync(NodeProcess node)
    {
        IEnumerable<(string Entity, string Key)> wanted = [.. fold.Entities, ("card", "nobody"), ("terminal", "nobody"), ("user", "nobody")];
        foreach (var batch in wanted.Chunk(BatchMax))
        {
            var request = new { at = fold.AtMillis, entities = batch.Select(each => new { entity = each.Entity, key = each.Key }) };
            using var answer = await node.Client.PostAsJsonAsync(new Uri("features", UriKind.Relative), request);
            var body = await answer.Content.ReadAsStringAsync();
            if (!answer.IsSuccessStatusCode)
            {
                Fail($"POST /features was answered with {answer.StatusCode}: {body}");
                return;
            }

            using var json = JsonDocument.Parse(body);
            foreach (var each in json.RootElement.GetProperty("entities").EnumerateArray())
            {
                Compare(each);
            }
        }

        foreach (var (topic, count) in s_counts)
        {
            Balance(topic, count);
        }
    }

    /// <summary>Compares the dead letters, and what was acknowledged, with the log.</summary>
    public void CompareLog(IEnumerable<string> acknowledged)
    {
        var written = fold.DeadLetters.ToHashSet();
        Tell("dead letters are missing", fold.WantedDeadLetters.Except(written));
        Tell("dead letters of good events", written.Except(fold.WantedDeadLetters));
        Tell("acknowledged events are not in the log", acknowledged.Except(fold.EventIds));
    }

    private void Compare(JsonElement each)
    {
        var (entity, key) = (each.GetProperty("entity").GetString()!, each.GetProperty("key").GetString()!);
        var expected = fold.Of(entity, key);
        Entities++;
        IsStale |= each.GetProperty("features_stale").GetBoolean();
        foreach (var feature in each.GetProperty("features").EnumerateObject())
        {
            if (!expected.Remove(feature.Name, out var want))
            {
                Mismatch($"{entity} {key}: the fold knows no feature {feature.Name}; add it to NaiveFeatures");
                continue;
            }

            Compare($"{entity} {key} {feature.Name}", want, feature.Value);
            if (s_counts.ContainsValue(feature.Name))
            {
                Count(feature.Name, (double)want.Value!, feature.Value.GetProperty("value").GetDouble());
            }
        }

        foreach (var missing in expected.Keys)
        {
            Mismatch($"{entity} {key}: the node has no feature {missing}");
        }
    }

    private void Compare(string what, Expected want, JsonElement have)
    {
        var value = have.GetProperty("value");
        var same = value.ValueKind switch
        {
            JsonValueKind.Number => want.Is(value.GetDouble()),
            JsonValueKind.Null => want.Value is null,
            _ => want.Value is string text && text == value.GetString(),
        };
        var time = have.GetProperty("event_time") is { ValueKind: JsonValueKind.String } at ? (long?)at.GetDateTimeOffset().ToUnixTimeMilliseconds() : null;
        if (!same || time != want.EventMillis)
        {
            Mismatch(FormattableString.Invariant($"{what}: the fold says {want.Value ?? "null"} at {want.EventMillis}, the node {have}"));
        }
    }

    private void Count(string feature, double want, double have)
    {
        _applied[feature] = _applied.GetValueOrDefault(feature) + have;
        Lost += Math.Max(0, want - have);
        Doubled += Math.Max(0, have - want);
    }

    // Of what the node holds: the lifetime counts of all entities are what was applied, late events included.
    private void Balance(string topic, string count)
    {
        var (records, applied) = (fold.Topics[topic].Count, _applied.GetValueOrDefault(count));
        var dead = fold.DeadLetters.Distinct().Count(id => id.StartsWith(topic + "/", StringComparison.Ordinal));
        var others = fold.NotCountedOf(topic);
        if (records != applied + others + dead)
        {
            Fail(FormattableString.Invariant($"{topic}: {records} records in, {applied} applied, {others} duplicates and corrected ones, {dead} dead-lettered"));
        }
    }

    private void Tell(string what, IEnumerable<string> ids)
    {
        if (ids.ToList() is { Count: > 0 } some)
        {
            Fail(FormattableString.Invariant($"{some.Count} {what}: {string.Join(", ", some.Take(5))}"));
        }
    }

    private void Mismatch(string text)
    {
        Mismatches++;
        Fail(text);
    }

    private void Fail(string text)
    {
        if (Failures.Count < FailuresMax)
        {
            Failures.Add($"{when}: {text}");
        }
    }
}
