using Streaming.Contracts.Schemas;
using Streaming.Features.Plans;
using Streaming.Offline.Backfill;
using Streaming.Offline.Parquet;

namespace Streaming.Offline.Tests.Backfill;

/// <summary>A history in which rows come again: their features are those of the history without, online and offline by the same code.</summary>
public sealed class DuplicateRowsSpec : IDisposable
{
    private const string Views = """
        feature-view cards {
          entity = card, source = transactions, key = card_id, time = ts
          features { n { count = "*", over = [3d, 20d] }, avg { avg = amount, over = 3d }, gap { time_since_last = "*", over = 20d }, ever { count = "*" } }
        }
        feature-view terminals {
          entity = terminal, source = transactions, key = terminal_id, time = ts, delay = 1d
          features { n { count = "*", over = 3d } }
        }
        feature-service all { request = transactions, features = ["cards.*", "terminals.*"] }
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public async Task A_history_that_is_there_twice_gives_each_row_the_features_that_it_has_once(int seed, bool integerIds)
    {
        var history = Distinct(new PurchaseHistory(seed, 600));
        Write("once.parquet", history, integerIds);
        Write("twice.parquet", [.. history.Concat(history)], integerIds);
        var once = await BackfillAsync("once.parquet", "duplicates { horizon = 7d }");
        var twice = await BackfillAsync("twice.parquet", "duplicates { horizon = 7d }");
        var off = await BackfillAsync("twice.parquet", "duplicates = off");
        Assert.Equal(once.Concat(once), twice);
        Assert.NotEqual(twice, off);
        Assert.Equal(once, await BackfillAsync("once.parquet", "duplicates = off"));
    }

    // Rows of one time would see different others before them in the two files.
    private static Purchase[] Distinct(PurchaseHistory history) => [.. history.Purchases.Select((purchase, i) => purchase with { Ts = purchase.Ts + i })];

    private void Write(string file, Purchase[] rows, bool integerIds)
    {
        using var writer = new ParquetTableWriter(_folder[file],
        [
            integerIds
                ? ParquetColumn.Of("event_id", Array.ConvertAll(rows, each => (long)each.Id))
                : ParquetColumn.Of("event_id", Array.ConvertAll(rows, each => $"tx-{each.Id}")),
            ParquetColumn.Of("card_id", Array.ConvertAll(rows, each => (long)each.Card)),
            ParquetColumn.Of("terminal_id", Array.ConvertAll(rows, each => each.Terminal)),
            ParquetColumn.Of("amount", Array.ConvertAll(rows, each => each.Amount)),
            ParquetColumn.OfTimes("ts", Array.ConvertAll(rows, each => each.Ts)),
        ]);
        writer.Append(0, rows.Length);
        writer.Complete();
    }

    private async Task<string[]> BackfillAsync(string file, string duplicates)
    {
        var (catalog, diagnostics) = FeatureCatalog.Compile([("d.conf", $"topic transactions {{ {duplicates} }}\n{Views}")], [.. EventSchemas.Sources.Values]);
        Assert.Empty(diagnostics);
        var result = await new BackfillJob(new BackfillOptions
        {
            Catalog = catalog!,
            Service = "all",
            Inputs = [new BackfillInput("transactions", _folder[file])],
            Map = ColumnMap.Parse(""),
            Output = _folder["out.parquet"],
            Threads = 2,
        }).RunAsync(null, CancellationToken.None);
        using var table = TableFile.Open(_folder["out.parquet"]);
        using var rows = table.OpenRowGroup(0);
        Assert.Equal(1, table.RowGroupCount);
        var columns = Enumerable.Range(1, result.Columns.Length - 1).Select(column =>
        {
            var values = new double[rows.Rows];
            rows.ReadNumbers(column, values);
            return values;
        }).ToArray();
        return [.. Enumerable.Range(0, rows.Rows).Select(row => string.Join(' ', columns.Select(values => values[row])))];
    }
}
