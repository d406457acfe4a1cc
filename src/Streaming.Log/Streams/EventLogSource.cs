using Akka.Streams.Dsl;

namespace Streaming.Log.Streams;

/// <summary>A partition as a stream of batches: what the engine reads.</summary>
public static class EventLogSource
{
    /// <summary>
    /// Reads a partition from an offset; one element is one read, of at most <paramref name="recordsMax"/> records. Nothing is read before
    /// it is asked for, so that reads grow while the stream lags. Ends by its control; a failed read fails the stream.
    /// </summary>
    public static Source<RecordBatch, IControl> Batches(IEventLog log, TopicPartition partition, long fromOffset, int recordsMax) =>
        Source.FromGraph(new BatchSourceStage(log, partition, fromOffset, recordsMax)).WithControl();
}
