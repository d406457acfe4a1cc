using Akka.Streams.Dsl;

namespace Streaming.Log.Streams;

/// <summary>A partition as an Akka.Streams source.</summary>
public static class EventLogSource
{
    /// <summary>
    /// Emits one element a read. Nothing is read before it is asked for, so that reads grow while the stream lags. The source ends with its
    /// token, fails with its reader (an <see cref="OutageTolerantReader"/> waits instead), and disposes the reader; the task that it
    /// materializes is complete once that is done, however it ended, and never fails.
    /// </summary>
    /// <param name="reader">What is read; the source's from now on.</param>
    /// <param name="recordsMax">Records of one read at the most.</param>
    /// <param name="stop">Ends the source.</param>
    public static Source<PartitionRead, Task> Batches(IPartitionReader reader, int recordsMax, CancellationToken stop) =>
        Source.FromGraph(new BatchSourceStage(reader, recordsMax, stop));
}
