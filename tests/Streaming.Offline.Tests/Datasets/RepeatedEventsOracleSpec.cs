using System.Globalization;
using Streaming.Contracts.Events;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Offline.Datasets;
using Streaming.Offline.Parquet;
using Streaming.Offline.Tests.Lake;

namespace Streaming.Offline.Tests.Datasets;

/// <summary>
/// Events that are sent again and labels that are told anew: a dataset is what SQL says by the definitions of <c>duplicates</c> and
/// <c>corrects-by</c>. A row sees the version of a label that was known then, not the one that is known now.
/// </summary>
public sealed class RepeatedEventsOracleSpec : IAsyncDisposable
{
    private const long Day = LakeLog.Day;
    private const long Hour = Day / 24;
    private const long Start = LakeLog.Start;

    private const string Definitions = """
        topic transactions { duplicates { horizon = 40h } }
        topic labels { corrects-by = transaction_id }
        feature-view card {
          entity = card, source = transactions, key = card_id, time = ts
          features { n { count = "*", over = [1d, 3d] }, sum { sum = amount, over = 3d, default = 0 }, last { last = amount, over = 3d, default = -1 } }
        }
        feature-view use {
          entity = terminal, source = transactions, key = terminal_id, time = ts
          features { n { count = "*", over = 3d }, sum { sum = amount, over = 3d, default = 0 } }
        }
        feature-view truth {
          entity = terminal, source = labels, key = terminal_id, time = transaction_ts, delay = 1d
          features { n { count = "*", over = [2d, 5d] }, frauds { sum = fraud, over = 5d, default = 0 }, last { last = fraud, over = 5d, default = -1 } }
        }
        feature-service s { request = transactions, features = [request.amount, "card.*", "use.*", "truth.*"] }
        """;

    private static readonly FeatureCatalog s_catalog = Compile();
    private readonly LakeLog _log = new();

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    [Theory]
    [InlineData(1, Arrival.AsToldByTheProducer)]
    [InlineData(2, Arrival.AsToldByTheProducer)]
    [InlineData(3, Arrival.AsToldByTheProducer)]
    [InlineData(4, Arrival.AtTheBroker)]
    [InlineData(5, Arrival.AtTheBroker)]
    [InlineData(6, Arrival.LoadedLater)]
    [InlineData(7, Arrival.LoadedLater)]
    public async Task Copies_count_once_and_the_version_counts_that_was_known_last_by_then(int seed, Arrival arrival)
    {
        await FillAsync(new Random(seed), arrival);
        await new DatasetJob(Options(arrival)).RunAsync(null, CancellationToken.None);
        var actual = _log.Query(
            $"SELECT id, amount::double, \"card.n_1d\", \"card.n_3d\", round(\"card.sum_3d\", 6), \"card.last_3d\", \"use.n_3d\", round(\"use.sum_3d\", 6), " +
            $"\"truth.n_2d\", \"truth.n_5d\", \"truth.frauds_5d\", \"truth.last_5d\" FROM read_parquet('{_log["out.parquet"]}') ORDER BY id");
        var expected = _log.Query(Oracle(arrival));
        Assert.Equal(500, expected.Count);
        Assert.Equal(expected, actual);
        AssertThatRepeatsMatter(expected, arrival);
    }

    // What would be wrong without each rule must differ, or the oracle shows nothing.
    private void AssertThatRepeatsMatter(List<string> expected, Arrival arrival)
    {
        var oracle = Oracle(arrival);
        foreach (var (rule, without) in new[]
        {
            ("AND f.ts > a.newest - INTERVAL 40 HOUR", "AND false"),
            ("AND f.ts > a.newest - INTERVAL 40 HOUR", string.Empty),
            ("AND w.version = 1", string.Empty),
            ("AND l.visible <= s.moment", string.Empty),
            ("l.became DESC, ", string.Empty),
        })
        {
            Assert.Contains(rule, oracle, StringComparison.Ordinal);

            // Labels that a log has in the order in which they were told are so in the order of their places, too.
            if (arrival != Arrival.AsToldByTheProducer || !rule.Contains("became", StringComparison.Ordinal))
            {
                Assert.False(expected.SequenceEqual(_log.Query(oracle.Replace(rule, without, StringComparison.Ordinal))), rule);
            }
        }
    }

    private string Oracle(Arrival arrival)
    {
        var visible = arrival switch
        {
            Arrival.AtTheBroker => "greatest(log_timestamp, labelled_at, transaction_ts)",
            _ => "greatest(labelled_at, transaction_ts)",
        };
        return $"""
            WITH s AS (SELECT * FROM read_parquet('{_log["spine.parquet"]}')),
            t AS (SELECT *, greatest(ts, log_timestamp) known FROM $lake),
            c AS ({Counted("card_id")}), u AS ({Counted("terminal_id")}),
            l AS (SELECT *, greatest(labelled_at, transaction_ts) became, {visible} visible FROM read_parquet('{_log.Lake}/labels/**/*.parquet')),
            w AS (SELECT s.id, s.moment, l.*, row_number() OVER (PARTITION BY s.id, l.transaction_id ORDER BY l.became DESC, l.log_partition DESC, l.log_offset DESC) AS version
              FROM s JOIN l ON l.terminal_id = s.terminal AND l.visible <= s.moment),
            x AS (SELECT s.id, count(c.ts) FILTER (c.ts > s.moment - INTERVAL 1 DAY) n1, count(c.ts) n3, coalesce(sum(c.amount), 0) total,
                coalesce(arg_max(c.amount, (c.ts, c.log_partition, c.log_offset)), -1) newest
              FROM s LEFT JOIN c ON c.card_id = s.card AND c.ts <= s.moment AND c.ts > s.moment - INTERVAL 3 DAY AND c.known <= s.moment GROUP BY s.id),
            y AS (SELECT s.id, count(u.ts) n3, coalesce(sum(u.amount), 0) total
              FROM s LEFT JOIN u ON u.terminal_id = s.terminal AND u.ts <= s.moment AND u.ts > s.moment - INTERVAL 3 DAY AND u.known <= s.moment GROUP BY s.id),
            z AS (SELECT s.id, count(w.fraud) FILTER (w.transaction_ts > s.moment - INTERVAL 3 DAY) n2, count(w.fraud) n5, coalesce(sum(w.fraud::int), 0) frauds,
                coalesce(arg_max(w.fraud::int, (w.transaction_ts, w.log_partition, w.log_offset)), -1) newest
              FROM s LEFT JOIN w ON w.id = s.id AND w.version = 1 AND w.transaction_ts <= s.moment - INTERVAL 1 DAY AND w.transaction_ts > s.moment - INTERVAL 6 DAY GROUP BY s.id)
            SELECT s.id, s.amount::double, x.n1::double, x.n3::double, round(x.total, 6), x.newest::double, y.n3::double, round(y.total, 6),
              z.n2::double, z.n5::double, z.frauds::double, z.newest::double
            FROM s JOIN x USING (id) JOIN y USING (id) JOIN z USING (id) ORDER BY s.id
            """;
    }

    // Without the copies: an event is one if its id came before, from a time that the entity remembers of that partition.
    private static string Counted(string key) => $"""
        WITH a AS (SELECT *, max(ts) OVER (PARTITION BY {key}, log_partition ORDER BY known, log_offset) newest FROM t)
        SELECT * FROM a WHERE NOT EXISTS (SELECT 1 FROM a f WHERE f.event_id = a.event_id AND f.{key} = a.{key}
          AND (f.known, f.log_partition, f.log_offset) < (a.known, a.log_partition, a.log_offset)
          AND f.ts > a.newest - INTERVAL 40 HOUR AND abs(epoch_ms(f.ts) - epoch_ms(a.ts)) < 40 * 3600000)
        """;

    private async Task FillAsync(Random random, Arrival arrival)
    {
        var transactions = Enumerable.Range(0, 700).Select(i => new Transaction
        {
            EventId = $"e{i}",
            CardId = $"c{random.Next(7)}",
            TerminalId = $"t{random.Next(5)}",
            Amount = random.Next(1, 4000) / 8.0,
            Ts = new EventTime(Start + (random.Next(12 * 24) * Hour)),
        }).ToArray();
        await _log.AppendAsync(
            EventSchemas.Transactions, static each => each.CardId, Sent(transactions, random).OrderBy(sent => sent.At.Millis));
        var labels = Told(transactions, random, mayMove: arrival != Arrival.AtTheBroker).Select(label => (Event: label, At: arrival switch
        {
            Arrival.AsToldByTheProducer => label.LabelledAt,
            Arrival.LoadedLater => new EventTime(Start + (100 * Day)),
            _ => new EventTime(label.LabelledAt.Millis + ((random.Next(72) - 24) * Hour)),
        }));
        await _log.AppendAsync(
            EventSchemas.Labels,
            static label => label.TerminalId,
            arrival == Arrival.LoadedLater ? labels.OrderBy(_ => random.Next()) : labels.OrderBy(told => told.At.Millis));
        await _log.ExportAsync(batch: 150);
        await _log.ExportAsync(topic: EventSchemas.Labels, batch: 150);
        var rows = string.Join(", ", Enumerable.Range(0, 500).Select(i => string.Create(
            CultureInfo.InvariantCulture,
            $"({i}, 'c{random.Next(8)}', 't{random.Next(6)}', {random.Next(1, 100) / 4.0}, make_timestamp_ms({Start + (random.Next(3 * 24, 16 * 24) * Hour)}))")));
        _log.Query($"COPY (SELECT * FROM (VALUES {rows}) v(id, card, terminal, amount, moment)) TO '{_log["spine.parquet"]}'");
    }

    // Copies say another amount, or an earlier time; some come so late that the first is forgotten.
    private static IEnumerable<(Transaction Event, EventTime At)> Sent(Transaction[] transactions, Random random)
    {
        foreach (var each in transactions)
        {
            yield return (each, new EventTime(each.Ts.Millis + (random.Next(3) * random.Next(20) * Hour)));
            if (random.Next(4) == 0)
            {
                yield return (each with { Amount = each.Amount + 0.125, Ts = new EventTime(each.Ts.Millis - (random.Next(30) * random.Next(3) * Hour)) }, Later(each.Ts, random));
            }
            else if (random.Next(4) == 0)
            {
                yield return (each with { Amount = 1 }, Later(each.Ts, random));
                yield return (each with { Amount = 2 }, Later(each.Ts, random));
            }
        }
    }

    // A correction may say another time, also one that no window reaches any more.
    private static IEnumerable<Label> Told(Transaction[] transactions, Random random, bool mayMove) => transactions.SelectMany(each =>
        Enumerable.Range(0, 1 + (random.Next(2) * random.Next(3))).Select(version => new Label
        {
            TransactionId = each.EventId,
            CardId = each.CardId,
            TerminalId = each.TerminalId,
            TransactionTs = new EventTime(each.Ts.Millis + (version > 0 && mayMove ? Hour * random.Next(4) switch { 0 => -24 * 15, 1 => random.Next(96) - 48, _ => 0 } : 0)),
            Fraud = random.Next(2) == 0,
            LabelledAt = new EventTime(each.Ts.Millis + (random.Next(7 * 24) * Hour)),
        }));

    private static EventTime Later(EventTime time, Random random) => new(time.Millis + (60 * Hour) + (random.Next(80) * Hour));

    private DatasetOptions Options(Arrival arrival) => new()
    {
        Catalog = s_catalog,
        Service = "s",
        Spine = _log["spine.parquet"],
        Lake = _log.Lake,
        Output = _log["out.parquet"],
        Map = ColumnMap.Parse("card_id=card,terminal_id=terminal"),
        Time = "moment",
        Known = arrival == Arrival.LoadedLater ? [new KnownTime("labels", "labelled_at")] : [],
        Threads = 2,
        MemoryMebibytes = 128,
    };

    private static FeatureCatalog Compile()
    {
        var (catalog, diagnostics) = FeatureCatalog.Compile([("d.conf", Definitions)], [.. EventSchemas.Sources.Values]);
        return catalog ?? throw new InvalidOperationException(string.Join("; ", diagnostics));
    }

    /// <summary>What the log's timestamps of the labels are.</summary>
    public enum Arrival
    {
        /// <summary>When the label was told.</summary>
        AsToldByTheProducer,

        /// <summary>When the broker got it, so that versions come in another order, and some before the time that they say.</summary>
        AtTheBroker,

        /// <summary>Months later; the labels say themselves when they were told.</summary>
        LoadedLater,
    }
}
