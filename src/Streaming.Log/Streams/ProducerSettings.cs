namespace Streaming.Log.Streams;

/// <summary>Makes bytes of a key or value; null is null (a value's: a tombstone).</summary>
public delegate byte[]? Serializer<in T>(T value);

/// <summary>Where records go, and how bytes are made of keys and values.</summary>
/// <param name="Log">The log to append to; the caller's to dispose.</param>
/// <param name="KeySerializer">Makes keys' bytes.</param>
/// <param name="ValueSerializer">Makes values' bytes.</param>
public sealed record ProducerSettings<TKey, TValue>(IEventLog Log, Serializer<TKey> KeySerializer, Serializer<TValue> ValueSerializer)
{
    /// <summary>Messages that gather, while an append is under way, for the next one.</summary>
    public int MessagesMax { get; init; } = 1_000;

    /// <summary>The clock that stamps records without a timestamp.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
