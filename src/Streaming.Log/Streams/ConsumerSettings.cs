namespace Streaming.Log.Streams;

/// <summary>Makes a key or value of its bytes; a throw fails the stream with <see cref="InvalidDataException"/> that names the record.</summary>
public delegate T Deserializer<out T>(ReadOnlySpan<byte> data, bool isNull);

/// <summary>What is read, and how keys and values are made of bytes.</summary>
/// <param name="Log">The log to read; the caller's to dispose.</param>
/// <param name="KeyDeserializer">Makes keys.</param>
/// <param name="ValueDeserializer">Makes values.</param>
public sealed record ConsumerSettings<TKey, TValue>(IEventLog Log, Deserializer<TKey> KeyDeserializer, Deserializer<TValue> ValueDeserializer)
{
    /// <summary>The group whose committed offsets are read and written; null starts at the beginning and commits nothing.</summary>
    public string? GroupId { get; init; }

    /// <summary>Records of one read.</summary>
    public int RecordsMax { get; init; } = 1_000;

    /// <summary>The same settings for a group.</summary>
    public ConsumerSettings<TKey, TValue> WithGroupId(string groupId) => this with { GroupId = groupId };

    internal string RequireGroup() => GroupId ?? throw new ArgumentException("Committing needs a group; set it by WithGroupId.");
}
