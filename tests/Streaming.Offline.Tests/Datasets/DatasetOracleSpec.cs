using System.Globalization;
using Streaming.Contracts.Events;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Offline.Datasets;
using Streaming.Offline.Parquet;
using Streaming.Offline.Tests.Lake;

namespace Streaming.Offline.Tests.Datasets;

/// <summary>A dataset is what a query by its definition says: written here in SQL, without a line of the engine.</summary>
public sealed class DatasetOracleSpec : IAsyncDisposable
{
    private const long Day = LakeLog.Day;
    private const long Start = LakeLog.Start;

    private const string Definitions = """
        feature-view card {
          entity = card, source = transactions, key = card_id, time = ts
          features { n { count = "*", over = [1d, 3d] }, sum { sum = amount, over = 3d, default = 0 }, most { max = amount, over = 1d, default = -1 } }
        }
        feature-view terminal {
          entity = terminal, source = labels, key = terminal_id, time = transaction_ts, delay = 1d
          features { n { count = "*", over = [2d, 5d] }, risk { avg = fraud, over = 5d, default = -1 } }
        }
        feature-view news {
          entity = terminal, source = labels, key = terminal_id, time = labelled_at
          features { n { count = "*", over = 2d }, ever { count = "*" } }
        }
        feature-service s { request = transactions, features = [twice, "card.*", "terminal.*", "news.*"], derived { twice = "2 * request.amount" } }
        """;

    private static readonly FeatureCatalog s_catalog = Compile();
    private readonly LakeLog _log = new();

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    [Theory]
    [InlineData(1, KnownTime.Log, "log_timestamp")]
    [InlineData(2, KnownTime.Log, "log_timestamp")]
    [InlineData(3, KnownTime.Event, "transaction_ts")]
    [InlineData(4, "labelled_at", "labelled_at")]
    public async Task Features_are_what_sql_says_of_random_events(int seed, string known, string column)
    {
        await FillAsync(seed, loadedLater: known == "labelled_at");
        await new DatasetJob(Options(known)).RunAsync(null, CancellationToken.None);
        var features = "twice, \"card.n_1d\", \"card.n_3d\", \"card.sum_3d\", \"card.most_1d\", \"terminal.n_2d\", \"terminal.n_5d\", \"terminal.risk_5d\", \"news.n_2d\", \"news.ever\"";
        var actual = _log.Query($"SELECT id, label, {features.Replace("\"card.sum_3d\"", "round(\"card.sum_3d\", 6)", StringComparison.Ordinal).Replace("\"terminal.risk_5d\"", "round(\"terminal.risk_5d\", 9)", StringComparison.Ordinal)} FROM read_parquet('{_log["out.parquet"]}') ORDER BY id");
        var expected = _log.Query(Oracle(column));
        Assert.Equal(600, expected.Count);
        Assert.Equal(expected, actual);
        Assert.True(expected.Select(row => string.Join('|', row.Split('|')[3..])).Distinct().Count() > 200, "the rows differ little");
    }

    private string Oracle(string known)
    {
        var news = known == "transaction_ts" ? "labelled_at" : known;
        return $"""
            WITH s AS (SELECT * FROM read_parquet('{_log["spine.parquet"]}')), t AS (SELECT * FROM $lake), l AS (SELECT * FROM read_parquet('{_log.Lake}/labels/**/*.parquet')),
            c AS (SELECT s.id, count(t.ts) FILTER (t.ts > s.moment - INTERVAL 1 DAY) n1, count(t.ts) n3, coalesce(sum(t.amount), 0) total, coalesce(max(t.amount) FILTER (t.ts > s.moment - INTERVAL 1 DAY), -1) most
              FROM s LEFT JOIN t ON t.card_id = s.card AND t.ts <= s.moment AND t.ts > s.moment - INTERVAL 3 DAY AND t.log_timestamp <= s.moment GROUP BY s.id),
            d AS (SELECT s.id, count(l.fraud) FILTER (l.transaction_ts > s.moment - INTERVAL 3 DAY) n2, count(l.fraud) n5, coalesce(avg(l.fraud::int), -1) risk
              FROM s LEFT JOIN l ON l.terminal_id = s.terminal_id::varchar AND l.transaction_ts <= s.moment - INTERVAL 1 DAY AND l.transaction_ts > s.moment - INTERVAL 6 DAY AND greatest(l.{known}, l.transaction_ts) <= s.moment GROUP BY s.id),
            n AS (SELECT s.id, count(l.fraud) FILTER (l.labelled_at > s.moment - INTERVAL 2 DAY) n2, count(l.fraud) ever
              FROM s LEFT JOIN l ON l.terminal_id = s.terminal_id::varchar AND l.labelled_at <= s.moment AND greatest(l.{news}, l.labelled_at) <= s.moment GROUP BY s.id)
            SELECT s.id, s.label, (2 * s.amount)::double, c.n1::double, c.n3::double, round(c.total, 6), c.most, d.n2::double, d.n5::double, round(d.risk, 9), n.n2::double, n.ever::double
            FROM s JOIN c USING (id) JOIN d USING (id) JOIN n USING (id) ORDER BY s.id
            """;
    }

    private async Task FillAsync(int seed, bool loadedLater)
    {
        var random = new Random(seed);
        var transactions = Enumerable.Range(0, 900).Select(i => new Transaction
        {
            EventId = $"e{i}",
            CardId = $"c{random.Next(9)}",
            TerminalId = $"{random.Next(5)}",
            Amount = random.Next(1, 4000) / 8.0,

            // Quarters of an hour: many at one time.
            Ts = new EventTime(Start + (random.Next(12 * 96) * (Day / 96))),
        }).ToArray();
        await _log.AppendAsync(transactions);
        var labels = transactions.Select(each => new Label
        {
            TransactionId = each.EventId,
            CardId = each.CardId,
            TerminalId = each.TerminalId,
            TransactionTs = each.Ts,
            Fraud = random.Next(3) == 0,
            LabelledAt = new EventTime(each.Ts.Millis + (random.Next(6 * 96) * (Day / 96))),
        }).OrderBy(_ => random.Next());
        await _log.AppendAsync(EventSchemas.Labels, label => (label.TerminalId, loadedLater ? new EventTime(Start + (100 * Day)) : label.LabelledAt), labels);
        await _log.ExportAsync(batch: 200);
        await _log.ExportAsync(topic: EventSchemas.Labels, batch: 200);
        var rows = string.Join(", ", Enumerable.Range(0, 600).Select(i => string.Create(
            CultureInfo.InvariantCulture,
            $"({i}, 'c{random.Next(10)}', {random.Next(6)}, {random.Next(1, 100) / 4.0}, make_timestamp_ms({Start + (random.Next(14 * 96) * (Day / 96))}), {(i % 5 == 0 ? "NULL" : "true")})")));
        _log.Query($"COPY (SELECT * FROM (VALUES {rows}) v(id, card, terminal_id, amount, moment, label)) TO '{_log["spine.parquet"]}'");
    }

    private DatasetOptions Options(string known) => new()
    {
        Catalog = s_catalog,
        Service = "s",
        Spine = _log["spine.parquet"],
        Lake = _log.Lake,
        Output = _log["out.parquet"],
        Map = ColumnMap.Parse("card_id=card"),
        Time = "moment",
        Known = known == KnownTime.Log ? [] : [new KnownTime("labels", known)],
        Threads = 2,
        MemoryMebibytes = 128,
    };

    private static FeatureCatalog Compile()
    {
        var (catalog, diagnostics) = FeatureCatalog.Compile([("d.conf", Definitions)], [.. EventSchemas.Sources.Values]);
        return catalog ?? throw new InvalidOperationException(string.Join("; ", diagnostics));
    }
}
