using Akka.Streams.Dsl;

namespace Streaming.Log.Streams;

/// <summary>
/// A partition as a stream of batches. The engine reads the log without it: an outage must hold its stream in place, where a stage
/// that failed would have to be made again, and its reads must be counted before they are sent on (Streaming.Engine's SourceRun).
/// </summary>
public static class EventLogSource
{
    /// <summary>
    /// Reads a partition from an offset; one element is one read, of at most <paramref name="recordsMax"/> records, or of none (<see cref="IPartitionReader.ReadAsync"/>). Nothing is read before
    /// it is asked for, so that reads grow while the stream lags. Ends by its control; a failed read fails the stream.
    /// </summary>
    public static Source<RecordBatch, IControl> Batches(IEventLog log, TopicPartition partition, long fromOffset, int recordsMax) =>
        Source.FromGraph(new BatchSourceStage(log, partition, fromOffset, recordsMax)).WithControl();
}
