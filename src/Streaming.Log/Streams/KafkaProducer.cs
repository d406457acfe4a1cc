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

    /// <summary>Topics go at once; within one, records whose keys place them and records placed by number go in turn, for they may meet in a partition.</summary>
    private static Task AppendAsync<TKey, TValue>(ProducerSettings<TKey, TValue> settings, IEnumerable<ProducerRecord<TKey, TValue>> records)
    {
        var topics = new Dictionary<string, List<Placed>>();
        foreach (var record in records)
        {
            if (!topics.TryGetValue(record.Topic, out var turns))
            {
                topics[record.Topic] = turns = [];
            }

            if (turns.Count == 0 || turns[^1].IsByKey != record.Partition is null)
            {
                turns.Add(new Placed(record.Partition is null, []));
            }

            var batches = turns[^1].Batches;
            var place = record.Partition ?? ByKey;
            if (!batches.TryGetValue(place, out var batch))
            {
                batches[place] = batch = new RecordBatch();
            }

            var (key, value) = (settings.KeySerializer(record.Key), settings.ValueSerializer(record.Value));
            batch.Add(0, record.TimestampMillis ?? settings.Time.GetUtcNow().ToUnixTimeMilliseconds(), key, value, key is null, value is null);
        }

        return Task.WhenAll(topics.Select(topic => AppendInTurnAsync(settings.Log, topic.Key, topic.Value)));
    }

    private static async Task AppendInTurnAsync(IEventLog log, string topic, List<Placed> turns)
    {
        foreach (var turn in turns)
        {
            await Task.WhenAll(turn.Batches.Select(batch => turn.IsByKey
                ? log.AppendAsync(topic, batch.Value, CancellationToken.None)
                : log.AppendAsync(new TopicPartition(topic, batch.Key), batch.Value, CancellationToken.None)));
        }
    }

    private const int ByKey = -1;

    /// <summary>Records of one topic that stand together in the stream and are placed the same way, by partition.</summary>
    private sealed record Placed(bool IsByKey, Dictionary<int, RecordBatch> Batches);
}
