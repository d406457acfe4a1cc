using System.Text;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.State;
using Streaming.Offline.Backfill;
using Streaming.Offline.Parquet;

namespace Streaming.Offline.Tests.Backfill;

/// <summary>
/// Labels that are told anew: what a backfill says of each transaction is what nested loops say, and what a node answers that has all labels of
/// the next day already and is asked for the past.
/// </summary>
public sealed class CorrectedLabelsSpec : IDisposable
{
    private const long Day = PurchaseHistory.Day;

    private const string Definitions = """
        topic labels { corrects-by = transaction_id }
        feature-view terminal_labels {
          entity = terminal, source = labels, key = terminal_id, time = transaction_ts, delay = 2d
          features { n { count = "*", over = 20d }, risk { avg = fraud, over = 20d, default = 0 }, last { last = fraud, over = 20d, default = -1 } }
        }
        feature-service all { request = transactions, features = [request.amount, "terminal_labels.*"] }
        """;

    private static readonly FeatureCatalog s_catalog = Compile();
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Each_row_sees_the_labels_that_were_known_by_then(int seed)
    {
        var random = new Random(seed);
        var purchases = new PurchaseHistory(seed, 500).Purchases;

        // In the order of the log. Some become known at one moment, but then in the order of the log, too.
        Purchase[] labels =
        [
            .. purchases.SelectMany(each => Enumerable.Range(0, 1 + (random.Next(3) * random.Next(2)))
                    .Select(i => each with { Fraud = random.Next(2) == 0, LabelledAt = each.Ts + (random.Next(12 * 24) * Day / 24) }))
                .OrderBy(each => each.KnownAt),
        ];
        var backfilled = await BackfillAsync(purchases, labels);
        Assert.Equal(purchases.Select(row => Naive(row, labels)), backfilled);
        Assert.Equal(backfilled, Online(purchases, labels));
    }

    private static string Naive(Purchase row, Purchase[] labels)
    {
        var known = labels.Select((label, place) => (Label: label, Place: place))
            .Where(each => each.Label.KnownAt <= row.Ts)
            .GroupBy(each => each.Label.Id)
            .Select(versions => versions.OrderBy(each => each.Label.KnownAt).ThenBy(each => each.Place).Last())
            .Where(each => each.Label.Terminal == row.Terminal && each.Label.Ts <= row.Ts - (2 * Day) && each.Label.Ts > row.Ts - (22 * Day))
            .OrderBy(each => each.Label.Ts).ThenBy(each => each.Place)
            .Select(each => each.Label.Fraud ? 1.0 : 0.0)
            .ToArray();
        return string.Join(' ', known.Length, known.DefaultIfEmpty(0).Average(), known.DefaultIfEmpty(-1).Last());
    }

    // Each entity knows the labels of up to a day after the row's.
    private static string[] Online(Purchase[] purchases, Purchase[] labels)
    {
        var entity = s_catalog.FindEntity("terminal")!;
        var batch = Batch(labels);
        var states = new Dictionary<string, EntityState>();
        var (next, values) = (0, new FeatureValue[3]);
        return [.. purchases.Select(row =>
        {
            for (; next < labels.Length && labels[next].KnownAt <= row.Ts + Day; next++)
            {
                StateOf(labels[next].Terminal).Apply(entity.Feeds[0], batch, [next]);
            }

            Assert.Equal(ReadOutcome.Done, StateOf(row.Terminal).Read(entity.AllFeatures, row.Ts, null, 0, values));
            return string.Join(' ', values.Select(value => value.Number));
        })];

        EntityState StateOf(string terminal) => states.TryGetValue(terminal, out var state) ? state : states[terminal] = new EntityState(entity);
    }

    private static EventBatch Batch(Purchase[] labels)
    {
        var source = EventSchemas.Sources["labels"];
        var batch = new EventBatch(source, [], labels.Length) { Count = labels.Length };
        var texts = new MemoryStream();
        for (var row = 0; row < labels.Length; row++)
        {
            batch.Offsets[row] = row;
            batch.Numbers(source.IndexOf("fraud"))[row] = labels[row].Fraud ? 1 : 0;
            batch.Times(source.IndexOf("transaction_ts"))[row] = labels[row].Ts;
            batch.Times(source.IndexOf("labelled_at"))[row] = labels[row].LabelledAt;
            var id = Encoding.UTF8.GetBytes($"{labels[row].Id}");
            batch.Texts(source.IndexOf("transaction_id")).Set(row, (int)texts.Position, id.Length);
            texts.Write(id);
        }

        batch.Texts(source.IndexOf("transaction_id")).Buffer = texts.ToArray();
        return batch;
    }

    private async Task<string[]> BackfillAsync(Purchase[] purchases, Purchase[] labels)
    {
        ParquetTableWriter.Write(
            _folder["t.parquet"],
            [
                ParquetColumn.Of("event_id", Array.ConvertAll(purchases, each => (long)each.Id)), ParquetColumn.Of("terminal_id", Array.ConvertAll(purchases, each => each.Terminal)),
                ParquetColumn.Of("amount", Array.ConvertAll(purchases, each => each.Amount)), ParquetColumn.OfTimes("ts", Array.ConvertAll(purchases, each => each.Ts)),
            ],
            purchases.Length);
        ParquetTableWriter.Write(
            _folder["l.parquet"],
            [
                ParquetColumn.Of("transaction_id", Array.ConvertAll(labels, each => (long)each.Id)), ParquetColumn.Of("terminal_id", Array.ConvertAll(labels, each => each.Terminal)),
                ParquetColumn.Of("fraud", Array.ConvertAll(labels, each => each.Fraud ? 1 : 0)), ParquetColumn.OfTimes("transaction_ts", Array.ConvertAll(labels, each => each.Ts)),
                ParquetColumn.OfTimes("labelled_at", Array.ConvertAll(labels, each => each.LabelledAt)),
            ],
            labels.Length);
        var result = await new BackfillJob(new BackfillOptions
        {
            Catalog = s_catalog,
            Service = "all",
            Inputs = [new BackfillInput("transactions", _folder["t.parquet"]), new BackfillInput("labels", _folder["l.parquet"])],
            Map = ColumnMap.Parse(""),
            Output = _folder["out.parquet"],
            Threads = 2,
        }).RunAsync(null, CancellationToken.None);
        using var table = TableFile.Open(_folder["out.parquet"]);
        using var rows = table.OpenRowGroup(0);
        Assert.Equal(1, table.RowGroupCount);
        var columns = Enumerable.Range(2, result.Columns.Length - 2).Select(column =>
        {
            var values = new double[rows.Rows];
            rows.ReadNumbers(column, values);
            return values;
        }).ToArray();
        return [.. Enumerable.Range(0, rows.Rows).Select(row => string.Join(' ', columns.Select(values => values[row])))];
    }

    private static FeatureCatalog Compile()
    {
        var (catalog, diagnostics) = FeatureCatalog.Compile([("labels.conf", Definitions)], [.. EventSchemas.Sources.Values]);
        Assert.Empty(diagnostics);
        return catalog!;
    }
}
