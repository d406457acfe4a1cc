namespace Streaming.Log;

/// <summary>Reads one partition in order; used by one caller at a time.</summary>
public interface IPartitionReader : IAsyncDisposable
{
    /// <summary>
    /// The offset that the next read begins at: behind the last record that was returned, and behind what holds no records there
    /// (markers of transactions, what compaction took). Not while a read is under way.
    /// </summary>
    long NextOffset { get; }

    /// <summary>
    /// Waits for at least one record, then returns what is there up to <paramref name="maxRecords"/>; it may return fewer although
    /// there are more (at the end of a block, at a bound of bytes). It returns an empty batch where it got to the log's end by offsets
    /// that hold no records: <see cref="NextOffset"/> has moved, and nothing more is there to wait for. The batch is the caller's and
    /// stays valid. A cancelled read loses nothing: the next one goes on at the same offset. Disposing the reader or the log ends a
    /// waiting read with <see cref="ObjectDisposedException"/>. Records that retention took before they were read are an
    /// <see cref="OffsetOutOfRangeException"/>.
    /// </summary>
    ValueTask<RecordBatch> ReadAsync(int maxRecords, CancellationToken cancellation);

    /// <summary>
    /// Gives back a batch of this reader that is no longer used; a later read may fill it. Giving back is optional. May be called while a
    /// read is under way, from any thread, once per batch.
    /// </summary>
    void Recycle(RecordBatch batch);
}
