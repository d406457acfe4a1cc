using Confluent.Kafka;

namespace Streaming.Log.Streams;

/// <summary>A record and its offset. The second property is spelled as Akka.Streams.Kafka spells it.</summary>
public sealed record CommittableMessage<TKey, TValue>(ConsumeResult<TKey, TValue> Record, ICommittableOffset CommitableOffset);
