namespace Streaming.Log;

/// <summary>
/// Batches that a reader's caller gave back, for its next reads: at full speed a batch is large enough for the heap of large objects,
/// which only a collection of everything empties. Keeps a few, and none that a rare large read has made huge. Thread-safe.
/// </summary>
internal sealed class SpareBatches
{
    private const int Kept = 8;
    private const int BufferBytesMax = 4 << 20;
    private readonly RecordBatch?[] slots = new RecordBatch?[Kept];

    /// <summary>An empty batch; a new one has room for the records and bytes given.</summary>
    public RecordBatch Take(int records, int bytes)
    {
        for (var slot = 0; slot < slots.Length; slot++)
        {
            if (Interlocked.Exchange(ref slots[slot], null) is { } batch)
            {
                batch.Clear();
                return batch;
            }
        }

        return new RecordBatch(records, bytes);
    }

    /// <summary>Keeps a batch that nobody uses any longer, where there is room.</summary>
    public void Return(RecordBatch batch)
    {
        var slot = batch.Buffer.Length <= BufferBytesMax ? 0 : slots.Length;
        while (slot < slots.Length && Interlocked.CompareExchange(ref slots[slot], batch, null) is not null)
        {
            slot++;
        }
    }
}
