using Akka;
using Akka.Streams.Dsl;
using Confluent.Kafka;

namespace Streaming.Log.Streams;

/// <summary>Sources of typed records over any event log, with Akka.Streams.Kafka's names and shapes; partitions are assigned by hand.</summary>
public static class KafkaConsumer
{
    /// <summary>Records as they are; their offsets are the caller's to keep.</summary>
    public static Source<ConsumeResult<TKey, TValue>, IControl> PlainSource<TKey, TValue>(ConsumerSettings<TKey, TValue> settings, ISubscription subscription)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return Starts(settings.Log, settings.GroupId, subscription)
            .MergeMany(int.MaxValue, start => Records(settings, start.Partition, start.Offset))
            .WithControl();
    }

    /// <summary>Records with offsets to commit after processing: at least once.</summary>
    public static Source<CommittableMessage<TKey, TValue>, IControl> CommittableSource<TKey, TValue>(
        ConsumerSettings<TKey, TValue> settings, ISubscription subscription)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var group = settings.RequireGroup();
        return Starts(settings.Log, group, subscription)
            .MergeMany(int.MaxValue, start => Committable(settings, group, start.Partition, start.Offset))
            .WithControl();
    }

    /// <summary>
    /// A source for each partition, so that each goes its own pace. The sub-sources end with the control of the whole; the outer source
    /// stays open until then.
    /// </summary>
    public static Source<(TopicPartition Partition, Source<CommittableMessage<TKey, TValue>, NotUsed> Messages), IControl> CommittablePartitionedSource<TKey, TValue>(
        ConsumerSettings<TKey, TValue> settings, ISubscription subscription)
    {
        ArgumentNullException.ThrowIfNull(settings);
        var group = settings.RequireGroup();
        return Source.FromGraph(new PartitionedSourceStage<CommittableMessage<TKey, TValue>>(
            () => Subscriptions.StartsAsync(settings.Log, group, subscription),
            (partition, offset) => Committable(settings, group, partition, offset)));
    }

    private static Source<(TopicPartition Partition, long Offset), NotUsed> Starts(IEventLog log, string? group, ISubscription subscription) =>
        Source.UnfoldAsync(false, async done => done ? default : Akka.Util.Option<(bool, IEnumerable<(TopicPartition Partition, long Offset)>)>.Create(
                (true, await Subscriptions.StartsAsync(log, group, subscription))))
            .SelectMany(static starts => starts);

    private static Source<CommittableMessage<TKey, TValue>, NotUsed> Committable<TKey, TValue>(
        ConsumerSettings<TKey, TValue> settings, string group, TopicPartition partition, long offset) =>
        Records(settings, partition, offset).Select(record => new CommittableMessage<TKey, TValue>(
            record, new CommittableOffset(settings.Log, new PartitionOffset(group, partition.Topic, partition.Partition, record.Offset.Value))));

    private static Source<ConsumeResult<TKey, TValue>, NotUsed> Records<TKey, TValue>(ConsumerSettings<TKey, TValue> settings, TopicPartition partition, long offset) =>
        Source.FromGraph(new BatchSourceStage(settings.Log, partition, offset, settings.RecordsMax)).SelectMany(batch => Typed(settings, partition, batch));

    private static ConsumeResult<TKey, TValue>[] Typed<TKey, TValue>(ConsumerSettings<TKey, TValue> settings, TopicPartition partition, RecordBatch batch)
    {
        var theirs = new Confluent.Kafka.TopicPartition(partition.Topic, partition.Partition);
        var typed = new ConsumeResult<TKey, TValue>[batch.Count];
        for (var record = 0; record < batch.Count; record++)
        {
            typed[record] = new ConsumeResult<TKey, TValue>
            {
                TopicPartitionOffset = new TopicPartitionOffset(theirs, batch.Offsets[record]),
                Message = Message(settings, partition, batch, record),
            };
        }

        return typed;
    }

    private static Message<TKey, TValue> Message<TKey, TValue>(ConsumerSettings<TKey, TValue> settings, TopicPartition partition, RecordBatch batch, int record)
    {
        try
        {
            return new Message<TKey, TValue>
            {
                Key = settings.KeyDeserializer(batch.Key(record), batch.KeyLength[record] < 0),
                Value = settings.ValueDeserializer(batch.Value(record), batch.ValueLength[record] < 0),
                Timestamp = new Timestamp(batch.Timestamps[record], TimestampType.CreateTime),
            };
        }
        catch (Exception e)
        {
            throw new InvalidDataException($"{partition} offset {batch.Offsets[record]} cannot be deserialized: {e.Message}", e);
        }
    }
}
