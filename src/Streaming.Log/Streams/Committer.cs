using Akka;
using Akka.Streams.Dsl;

namespace Streaming.Log.Streams;

/// <summary>Commits the offsets that flow through.</summary>
public static class Committer
{
    /// <summary>Commits offsets in batches and emits each batch once it is committed; a failed commit fails the stream.</summary>
    public static Flow<ICommittable, CommittableOffsetBatch, NotUsed> BatchFlow(CommitterSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return Akka.Streams.Dsl.Flow.Create<ICommittable>()
            .GroupedWithin(settings.MaxBatch, settings.MaxInterval)
            .Select(static offsets => CommittableOffsetBatch.Create(offsets))
            .SelectAsync(1, static async batch =>
            {
                await batch.Commit();
                return batch;
            });
    }

    /// <summary>The same, emitting only that it was done.</summary>
    public static Flow<ICommittable, Done, NotUsed> Flow(CommitterSettings settings) => BatchFlow(settings).Select(static _ => Done.Instance);

    /// <summary>The same as a sink; its task ends with the stream.</summary>
    public static Sink<ICommittable, Task<Done>> Sink(CommitterSettings settings) => Flow(settings).ToMaterialized(Akka.Streams.Dsl.Sink.Ignore<Done>(), Keep.Right);
}
