// Hot: twice per consumed record; copies from librdkafka's buffer straight into the batch.
using Confluent.Kafka;

namespace Streaming.Log.Kafka;

/// <summary>Takes the place of a key or value in the client's result; the bytes are in the batch already.</summary>
internal readonly record struct Staged;

/// <summary>
/// Copies keys and values into the batch under construction, so that no array is made per record. The client calls key, then value.
/// </summary>
internal sealed class StagingDeserializer : IDeserializer<Staged>
{
    /// <summary>The batch that the next record goes to.</summary>
    public RecordBatch Batch { get; set; } = new(0, 0);

    public Staged Deserialize(ReadOnlySpan<byte> data, bool isNull, SerializationContext context)
    {
        if (context.Component == MessageComponentType.Key)
        {
            Batch.StageKey(data, isNull);
        }
        else
        {
            Batch.StageValue(data, isNull);
        }

        return default;
    }
}
