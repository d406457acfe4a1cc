using Streaming.Contracts.Schemas;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Features.State;
using Streaming.Offline.Backfill;
using Streaming.Offline.Parquet;

namespace Streaming.Offline.Tests.Backfill;

/// <summary>A service of two sources: what a backfill says of each row is what a node would have answered then, and what its definition says.</summary>
public sealed class SeveralSourcesSpec : IDisposable
{
    private const long Day = PurchaseHistory.Day;

    private const string Definitions = """
        feature-view cards {
          entity = card, source = transactions, key = card_id, time = ts
          features { n { count = "*", over = 3d }, avg { avg = amount, over = 3d, default = 0 } }
        }
        feature-view card_labels {
          entity = card, source = labels, key = card_id, time = transaction_ts
          features { n { count = "*", over = 9d }, last { last = fraud, over = 20d, default = -1 } }
        }
        feature-view card_news {
          entity = card, source = labels, key = card_id, time = labelled_at
          features { n { count = "*", over = 2d } }
        }
        feature-view terminal_labels {
          entity = terminal, source = labels, key = terminal_id, time = transaction_ts, delay = 7d
          features { n { count = "*", over = [5d, 11d] }, risk { avg = fraud, over = 11d, default = 0 } }
        }
        feature-view users {
          entity = user, source = transactions, key = user_id, time = ts
          features { n { count = "*", over = 3d }, most { max = amount, over = 3d, default = 0 } }
        }
        feature-service both {
          request = transactions
          features = [request.amount, night, "cards.*", "card_labels.*", "card_news.*", "terminal_labels.*", "users.*"]
          derived { night = "if(hour(request.ts) < 6, cards.n_3d, 0)" }
        }
        feature-service bare { features = ["cards.*", "card_labels.*"] }
        """;

    private static readonly FeatureCatalog s_catalog = Compile();
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, false)]
    public async Task Each_row_is_what_a_node_would_have_answered_at_its_moment(int seed, bool sorted)
    {
        var history = new PurchaseHistory(seed, 700);
        var service = s_catalog.For(s_catalog.FindService("both")!).Services[0];
        var backfilled = await BackfillAsync(history, sorted, "both");
        var online = Online(service, history);
        for (var row = 0; row < online.Length; row++)
        {
            Assert.Equal(online[row], backfilled[row].Select(value => (float)value));
        }
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(6, false)]
    public async Task Each_row_is_what_its_definition_says(int seed, bool sorted)
    {
        var history = new PurchaseHistory(seed, 700);
        var backfilled = await BackfillAsync(history, sorted, "both");
        for (var row = 0; row < history.Purchases.Length; row++)
        {
            Assert.Equal(Naive(history, row), backfilled[row]);
        }
    }

    [Fact]
    public async Task A_service_without_a_request_takes_its_rows_from_the_source_that_is_named()
    {
        var history = new PurchaseHistory(9, 200);
        var first = await BackfillAsync(history, false, "bare");
        var named = await BackfillAsync(history, false, "bare", options => options with { Spine = "labels" });
        Assert.Equal(history.Purchases.Length, first.Length);
        Assert.Equal(first[0].Length, named[0].Length);
        Assert.Equal(1, first[0][0]);
        Assert.Equal(1, named[0][2]);
    }

    [Fact]
    public async Task An_empty_key_where_every_event_has_one_is_refused()
    {
        new PurchaseHistory(10, 5).WriteLabels(_folder["l.parquet"], true);
        ParquetTableWriter.Write(
            _folder["e.parquet"],
            [
                ParquetColumn.Of("event_id", ["1", "2"]), ParquetColumn.Of("card_id", ["c", ""]), ParquetColumn.Of("terminal_id", ["t", "t"]),
                ParquetColumn.Of("amount", [1.0, 1.0]), ParquetColumn.OfTimes("ts", [PurchaseHistory.Start, PurchaseHistory.Start]),
            ],
            2);
        var fault = await Assert.ThrowsAsync<TableFormatException>(() => RunAsync(Options("both") with
        {
            Inputs = [new BackfillInput("transactions", _folder["e.parquet"]), new BackfillInput("labels", _folder["l.parquet"])],
            Map = ColumnMap.Parse("labels.card_id=card,labels.transaction_id=terminal_id"),
        }));
        Assert.Contains("e.parquet: row 2: column 'card_id' holds no value", fault.Message, StringComparison.Ordinal);
    }

    private static FeatureCatalog Compile()
    {
        var (catalog, diagnostics) = FeatureCatalog.Compile([("two.conf", Definitions)], [.. EventSchemas.Sources.Values]);
        return catalog ?? throw new InvalidOperationException(string.Join("; ", diagnostics));
    }

    private async Task<double[][]> BackfillAsync(PurchaseHistory history, bool sorted, string service, Func<BackfillOptions, BackfillOptions>? with = null)
    {
        history.WriteTransactions(_folder["t.parquet"]);
        history.WriteLabels(_folder["l.parquet"], sorted);
        return await RunAsync(with is null ? Options(service) : with(Options(service)));
    }

    private BackfillOptions Options(string service) => new()
    {
        Catalog = s_catalog,
        Service = service,
        Inputs = [new BackfillInput("transactions", _folder["t.parquet"]), new BackfillInput("labels", _folder["l.parquet"])],
        Map = ColumnMap.Parse("transactions.event_id=id,labels.card_id=card,labels.transaction_id=terminal_id"),
        Output = _folder["out.parquet"],
        Threads = 3,
    };

    private static async Task<double[][]> RunAsync(BackfillOptions options)
    {
        var result = await new BackfillJob(options).RunAsync(null, CancellationToken.None);
        var rows = Enumerable.Range(0, (int)result.Rows).Select(_ => new double[result.Columns.Length - 1]).ToArray();
        using var table = TableFile.Open(options.Output);
        for (var group = 0; group < table.RowGroupCount; group++)
        {
            using var open = table.OpenRowGroup(group);
            var values = new double[open.Rows];
            for (var column = 1; column < result.Columns.Length; column++)
            {
                open.ReadNumbers(column, values);
                for (var row = 0; row < values.Length; row++)
                {
                    rows[table.RowsBefore(group) + row][column - 1] = values[row];
                }
            }
        }

        return rows;
    }

    /// <summary>A node: entities apply the log as it grows, by offset, and are asked with each transaction before it is in the log.</summary>
    private static float[][] Online(ServicePlan service, PurchaseHistory history)
    {
        var (transactions, labels) = (history.TransactionEvents(), history.LabelEvents());
        var states = new Dictionary<(EntityPlan, string), EntityState>();
        var vectors = new float[history.Purchases.Length][];
        var values = new FeatureValue[service.Reads.Length];
        var next = 0;
        for (var row = 0; row < vectors.Length; row++)
        {
            for (; next < history.Labels.Length && history.Labels[next].KnownAt <= history.Purchases[row].Ts; next++)
            {
                Deliver(labels, next);
            }

            Array.Clear(values);
            foreach (var read in service.Entities.Where(read => !transactions.Texts(read.KeyField)[row].IsEmpty))
            {
                var state = StateOf(read.Plan.Entity, transactions, row, read.KeyField);
                Assert.Equal(ReadOutcome.Done, state.Read(read.Plan, history.Purchases[row].Ts, transactions, row, values));
            }

            vectors[row] = new float[service.FeatureNames.Length];
            service.Assemble(values, transactions, row, vectors[row]);
            Deliver(transactions, row);
        }

        return vectors;

        void Deliver(EventBatch batch, int row)
        {
            foreach (var feed in service.Entities.SelectMany(read => read.Plan.Entity.Feeds).Where(feed => feed.Source == batch.Source && !batch.Texts(feed.KeyField)[row].IsEmpty))
            {
                Assert.Equal(1, StateOf(feed.Entity, batch, row, feed.KeyField).Apply(feed, batch, [row]));
            }
        }

        EntityState StateOf(EntityPlan entity, EventBatch batch, int row, int keyField)
        {
            var key = (entity, System.Text.Encoding.UTF8.GetString(batch.Texts(keyField)[row]));
            return states.TryGetValue(key, out var state) ? state : states[key] = new EntityState(entity);
        }
    }

    /// <summary>The vector from the definitions in words: nested loops over all events.</summary>
    private static double[] Naive(PurchaseHistory history, int row)
    {
        var (one, at) = (history.Purchases[row], history.Purchases[row].Ts);
        var own = history.Purchases.Take(row + 1).Where(each => each.Card == one.Card && each.Ts > at - (3 * Day)).ToArray();
        var known = history.Labels.Where(each => each.KnownAt <= at).ToArray();
        var card = known.Where(each => each.Card == one.Card).ToArray();
        Purchase[] Terminal(long days) => [.. known.Where(each => each.Terminal == one.Terminal && each.Ts > at - ((7 + days) * Day) && each.Ts <= at - (7 * Day))];
        var users = string.IsNullOrEmpty(one.User) ? [] : history.Purchases.Take(row + 1).Where(each => each.User == one.User && each.Ts > at - (3 * Day)).ToArray();
        var night = DateTimeOffset.FromUnixTimeMilliseconds(at).Hour < 6;
        return
        [
            one.Amount,
            night ? own.Length : 0,
            own.Length,
            own.Average(each => each.Amount),
            card.Count(each => each.Ts > at - (9 * Day)),
            card.Where(each => each.Ts > at - (20 * Day)).OrderBy(each => each.Ts).Select(each => each.Fraud ? 1.0 : 0.0).DefaultIfEmpty(-1).Last(),
            card.Count(each => each.LabelledAt > at - (2 * Day)),
            Terminal(5).Length,
            Terminal(11).Length,
            Terminal(11).Select(each => each.Fraud ? 1.0 : 0.0).DefaultIfEmpty(0).Average(),
            users.Length == 0 ? double.NaN : users.Length,
            users.Select(each => each.Amount).DefaultIfEmpty(0).Max(),
        ];
    }
}
