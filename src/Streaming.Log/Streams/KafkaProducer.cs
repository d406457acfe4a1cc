using System.Collections.Immutable;
using Akka;
using Akka.Streams.Dsl;

namespace Streaming.Log.Streams;

/// <summary>Sinks and flows that append typed records to any event log, with Akka.Streams.Kafka's names.</summary>
public static class KafkaProducer
{
    /// <summary>Appends records; the task completes when all are durable.</summary>
    public static Sink<ProducerRecord<TKey, TValue>, Task<Done>> PlainSink<TKey, TValue>(ProducerSettings<TKey, TValue> settings) => Flow
        .Create<ProducerRecord<TKey, TValue>>()
        .Select(static record => ProducerMessage.Single(record, NotUsed.Instance))
        .Via(FlexiFlow<TKey, TValue, NotUsed>(settings))
        .ToMaterialized(Sink.Ignore<Results<TKey, TValue, NotUsed>>(), Keep.Right);

    /// <summary>
    /// Appends the records of each envelope and emits it once they are durable. One append is under way at a time and what arrives meanwhile
    /// goes with the next: order is kept, and appends grow with the load. A failed append fails the stream.
    /// </summary>
    public static Flow<IEnvelope<TKey, TValue, TPassThrough>, Results<TKey, TValue, TPassThrough>, NotUsed> FlexiFlow<TKey, TValue, TPassThrough>(
        ProducerSettings<TKey, TValue> settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return Flow.Create<IEnvelope<TKey, TValue, TPassThrough>>()
            .Batch(settings.MessagesMax, static first => ImmutableList.Create(first), static (gathered, next) => gathered.Add(next))
            .SelectAsync(1, async gathered =>
            {
                await AppendAsync(settings, gathered.SelectMany(static envelope => envelope.Records));
                return gathered;
            })
            .SelectMany(static gathered => gathered.Select(static envelope => new Results<TKey, TValue, TPassThrough>(envelope)));
    }

    private static Task AppendAsync<TKey, TValue>(ProducerSettings<TKey, TValue> settings, IEnumerable<ProducerRecord<TKey, TValue>> records)
    {
        var batches = new Dictionary<(string Topic, int? Partition), RecordBatch>();
        foreach (var record in records)
        {
            if (!batches.TryGetValue((record.Topic, record.Partition), out var batch))
            {
                batches[(record.Topic, record.Partition)] = batch = new RecordBatch();
            }

            var (key, value) = (settings.KeySerializer(record.Key), settings.ValueSerializer(record.Value));
            batch.Add(0, record.TimestampMillis ?? settings.Time.GetUtcNow().ToUnixTimeMilliseconds(), key, value, key is null, value is null);
        }

        return Task.WhenAll(batches.Select(batch => batch.Key.Partition is { } partition
            ? settings.Log.AppendAsync(new TopicPartition(batch.Key.Topic, partition), batch.Value, CancellationToken.None)
            : settings.Log.AppendAsync(batch.Key.Topic, batch.Value, CancellationToken.None)));
    }
}
