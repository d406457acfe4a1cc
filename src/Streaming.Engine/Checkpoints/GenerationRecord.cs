using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Streaming.Log;

namespace Streaming.Engine.Checkpoints;

/// <summary>What a generation of derived state was built from: its offsets and its shards have no meaning for anything else.</summary>
/// <param name="Shards">Shards of each entity type.</param>
/// <param name="Topics">The identity of each topic that was read.</param>
internal sealed record GenerationRecord(int Shards, ImmutableSortedDictionary<string, string> Topics)
{
    /// <summary>By topic, the offsets that it begins at in each partition; null for the log's beginning.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableSortedDictionary<string, ImmutableArray<long>>? From { get; init; }

    /// <summary>The generation that it was begun to replace; null for none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Replaces { get; init; }

    /// <summary>When it was begun, in milliseconds; null where nobody noted it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? BegunMillis { get; init; }

    /// <summary>Where it begins in a partition.</summary>
    public long BeginsAt(TopicPartition partition) =>
        From is not null && From.TryGetValue(partition.Topic, out var offsets) && partition.Partition < offsets.Length
            ? offsets[partition.Partition]
            : 0;

    /// <summary>The record as bytes: JSON in UTF-8, for people too.</summary>
    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this);

    /// <summary>Reads what <see cref="ToBytes"/> wrote.</summary>
    /// <exception cref="FormatException">They are something else.</exception>
    public static GenerationRecord Read(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<GenerationRecord>(bytes) is { Shards: > 0, Topics: not null } record
                ? record
                : throw new FormatException("the generation's record lacks its shards or its topics");
        }
        catch (JsonException damage)
        {
            throw new FormatException($"the generation's record is no JSON: {damage.Message}", damage);
        }
    }

    /// <summary>
    /// Why an engine cannot go on with this generation; null if it can. A topic that was not read before is read from its beginning.
    /// </summary>
    /// <param name="now">What the engine would read and write.</param>
    public string? Refuses(GenerationRecord now)
    {
        if (now.Shards != Shards)
        {
            return $"streaming.engine.shards is {now.Shards}, and the snapshots have {Shards} shards: set it back to {Shards}";
        }

        var recreated = now.Topics
            .Where(topic => Topics.TryGetValue(topic.Key, out var known) && known != topic.Value)
            .Select(topic => topic.Key);
        return string.Join(", ", recreated) is { Length: > 0 } topics
            ? $"the topic {topics} is another one than the snapshots in this store were made from: if they are another deployment's, set a "
                + "streaming.redis.key-prefix of its own for each; if the topic was deleted and created again, restore the old one"
            : null;
    }
}
