using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Streaming.Log.Streams;

/// <summary>A record to append.</summary>
/// <param name="Topic">Where to.</param>
/// <param name="Key">Chooses the partition where none is named.</param>
/// <param name="Value">What is appended.</param>
/// <param name="Partition">The partition; null places by key.</param>
/// <param name="TimestampMillis">Milliseconds since the epoch; null is now.</param>
public sealed record ProducerRecord<TKey, TValue>(string Topic, TKey Key, TValue Value, int? Partition = null, long? TimestampMillis = null);

/// <summary>What goes into <see cref="KafkaProducer.FlexiFlow"/>: records to append, if any, and something to pass on.</summary>
public interface IEnvelope<TKey, TValue, out TPassThrough>
{
    /// <summary>The records to append.</summary>
    ImmutableArray<ProducerRecord<TKey, TValue>> Records { get; }

    /// <summary>Goes on unchanged, for example an offset to commit.</summary>
    TPassThrough PassThrough { get; }
}

/// <summary>What comes out once the records are durable, in the order that they went in.</summary>
public sealed record Results<TKey, TValue, TPassThrough>(IEnvelope<TKey, TValue, TPassThrough> Envelope)
{
    /// <summary>What was to be passed on.</summary>
    public TPassThrough PassThrough => Envelope.PassThrough;
}

/// <summary>Makes envelopes.</summary>
public static class ProducerMessage
{
    /// <summary>One record.</summary>
    [SuppressMessage("Naming", "CA1720", Justification = "Akka.Streams.Kafka's name.")]
    public static IEnvelope<TKey, TValue, TPassThrough> Single<TKey, TValue, TPassThrough>(ProducerRecord<TKey, TValue> record, TPassThrough passThrough) =>
        new Envelope<TKey, TValue, TPassThrough>([record], passThrough);

    /// <summary>Several records.</summary>
    public static IEnvelope<TKey, TValue, TPassThrough> Multi<TKey, TValue, TPassThrough>(IEnumerable<ProducerRecord<TKey, TValue>> records, TPassThrough passThrough) =>
        new Envelope<TKey, TValue, TPassThrough>([.. records], passThrough);

    /// <summary>No record.</summary>
    public static IEnvelope<TKey, TValue, TPassThrough> PassThrough<TKey, TValue, TPassThrough>(TPassThrough passThrough) =>
        new Envelope<TKey, TValue, TPassThrough>([], passThrough);

    private sealed record Envelope<TKey, TValue, TPassThrough>(ImmutableArray<ProducerRecord<TKey, TValue>> Records, TPassThrough PassThrough)
        : IEnvelope<TKey, TValue, TPassThrough>;
}
