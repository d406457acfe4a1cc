namespace Streaming.Offline.Backfill;

/// <summary>One pass over the rows of a spine: while a chunk is computed, the next is read and the last is written.</summary>
internal static class BackfillPass
{
    /// <summary>Computes all rows and ends the file.</summary>
    /// <returns>How many there were.</returns>
    public static async Task<long> RunAsync(
        SourceReader reader,
        PointInTimeJoin join,
        BackfillOutput output,
        IProgress<BackfillProgress>? progress,
        CancellationToken cancellation)
    {
        using var chunks = reader.ChunksWithIds().GetEnumerator();
        var rows = 0L;
        var next = Task.Run(() => chunks.MoveNext() ? chunks.Current : default, cancellation);
        var written = Task.CompletedTask;
        try
        {
            while (await next is { Chunk: { } chunk, Ids: { } ids })
            {
                cancellation.ThrowIfCancellationRequested();
                next = Task.Run(() => chunks.MoveNext() ? chunks.Current : default, cancellation);
                var buffer = output.NextBuffer(chunk.Count);
                await Task.Run(() => join.Process(chunk, buffer.Vector), cancellation);
                await written;
                written = Task.Run(() => output.Write(buffer, ids, chunk.Count), cancellation);
                rows += chunk.Count;
                progress?.Report(new BackfillProgress(rows, reader.RowCount));
            }

            await written;
        }
        finally
        {
            // Their files are native memory: neither may be at work when these are disposed.
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await written.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        output.Complete();
        return rows;
    }
}
