namespace Streaming.Log;

/// <summary>
/// Batches that a reader's caller gave back, for its next reads: at full speed a batch is on the large object heap, which only a full
/// collection frees. Keeps a few, and none that is far larger than its last read needed, so that a reader frees the large ones once it
/// has caught up. Thread-safe.
/// </summary>
internal sealed class SpareBatches
{
    private const int Kept = 8;
    private const int SmallBytes = 16 << 10;
    private const int SmallRecords = 256;
    private const int WasteMax = 4;
    private readonly RecordBatch?[] _slots = new RecordBatch?[Kept];

    /// <summary>An empty batch; a new one has room for the records and bytes given.</summary>
    public RecordBatch Take(int records, int bytes)
    {
        for (var slot = 0; slot < _slots.Length; slot++)
        {
            if (Interlocked.Exchange(ref _slots[slot], null) is { } batch)
            {
                batch.Clear();
                return batch;
            }
        }

        return new RecordBatch(records, bytes);
    }

    /// <summary>Keeps a batch that is no longer used, if there is room.</summary>
    public void Return(RecordBatch batch)
    {
        var slot = Fits(batch) ? 0 : _slots.Length;
        while (slot < _slots.Length && Interlocked.CompareExchange(ref _slots[slot], batch, null) is not null)
        {
            slot++;
        }
    }

    private static bool Fits(RecordBatch batch) =>
        batch.Buffer.Length / WasteMax <= Math.Max(batch.Bytes, SmallBytes)
            && batch.Offsets.Length / WasteMax <= Math.Max(batch.Count, SmallRecords);
}
