using Streaming.Contracts.Schemas;
using Streaming.Offline.Backfill;
using Streaming.Offline.Parquet;

namespace Streaming.Offline.Tests.Backfill;

public sealed class SourceReaderSpec : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Events_have_the_offsets_that_ingest_would_give_them_in_the_order_of_the_files()
    {
        File.WriteAllText(_folder["a.csv"], "card_id,ts\nc,2026-01-02\nc,2026-01-01\n");
        File.WriteAllText(_folder["b.csv"], "card_id,ts\nc,2026-01-01\n");
        var source = EventSchemas.Sources[EventSchemas.Transactions];
        var wanted = new bool[source.Fields.Length];
        wanted[source.IndexOf("ts")] = true;
        using var reader = new SourceReader(source, [_folder["a.csv"], _folder["b.csv"]], ColumnMap.Empty, new SourceFields(wanted, [source.IndexOf("card_id")], source.IndexOf("ts"), null));
        var chunk = Assert.Single(reader.Chunks());
        Assert.Equal([1, 2, 0], chunk.Order);
        Assert.Equal([0L, 1, 2], chunk.Batch.Offsets);
    }
}
