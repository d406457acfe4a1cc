using Streaming.Contracts.Events;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;
using Streaming.Offline.Lake;

namespace Streaming.Offline.Tests.Lake;

/// <summary>What is in the log is in the lake, once, as DuckDB reads it without a word of explanation.</summary>
public sealed class LakeExportSpec : IAsyncDisposable
{
    private readonly LakeLog _log = new();

    public ValueTask DisposeAsync() => _log.DisposeAsync();

    [Fact]
    public async Task Each_field_is_a_column_and_each_event_is_in_the_folder_of_its_day()
    {
        await _log.AppendAsync(LakeLog.Transactions(0, 50));
        var result = await _log.ExportAsync();
        Assert.Equal((50, 0), (result.Rows, result.Undecodable));
        Assert.Equal(
            LakeLog.Transactions(0, 50).Select(Text).Order(StringComparer.Ordinal),
            _log.Query("SELECT concat_ws('|', event_id, card_id, coalesce(user_id, '-'), terminal_id, amount, currency, epoch_ms(ts), coalesce(mcc, '-'), coalesce(fraud::varchar, '-')) FROM $lake")
                .Order(StringComparer.Ordinal));
        Assert.Equal(["0"], _log.Query("SELECT count(*) FROM $lake WHERE day <> ts::date OR log_timestamp <> ts"));
        Assert.Equal(
            ["event_id|VARCHAR", "amount|DOUBLE", "ts|TIMESTAMP WITH TIME ZONE", "fraud|BOOLEAN", "log_partition|INTEGER", "log_offset|BIGINT", "log_timestamp|TIMESTAMP WITH TIME ZONE", "day|DATE"],
            _log.Query("SELECT column_name, column_type FROM (DESCRIBE SELECT event_id, amount, ts, fraud, log_partition, log_offset, log_timestamp, day FROM $lake)"));
    }

    [Fact]
    public async Task Lists_bytes_and_whole_numbers_keep_their_types()
    {
        await _log.AppendAsync(EventSchemas.Scores, static score => (score.CardId, score.AnsweredAt), new Score
        {
            ScoreId = "s",
            CardId = "c",
            Ts = new EventTime(LakeLog.Start),
            AnsweredAt = new EventTime(LakeLog.Start + 5),
            Service = "fraud",
            Model = "m",
            ModelVersion = "1",
            Features = [1.5, double.NaN, -2],
            Value = 0.25,
            Decision = "review",
            Reasons = ["a", "b"],
        });
        await _log.AppendAsync(EventSchemas.DeadLetters, static letter => (letter.Id, letter.Timestamp), new DeadLetter
        {
            Id = "i",
            Reason = "late",
            Detail = "d",
            Topic = "transactions",
            Partition = 3,
            Offset = 4_000_000_000,
            Timestamp = new EventTime(LakeLog.Start),
            Value = new byte[] { 0, 255, 7 },
        });
        await _log.ExportAsync(topic: EventSchemas.Scores);
        await _log.ExportAsync(topic: EventSchemas.DeadLetters);
        Assert.Equal(["3|1.5|True|-2|[a, b]|0.25|null|False"], _log.Query("SELECT len(features), features[1], isnan(features[2]), features[3], reasons::varchar, score, watermark, fallback FROM $lake", EventSchemas.Scores));
        Assert.Equal([@"4000000000|3|null|\x00\xFF\x07|null"], _log.Query("SELECT \"offset\", \"partition\", key::varchar, value::varchar, schema_id FROM $lake", EventSchemas.DeadLetters));
    }

    [Fact]
    public async Task An_export_goes_on_where_the_files_end()
    {
        await _log.AppendAsync(LakeLog.Transactions(0, 40));
        await _log.ExportAsync(batch: 7);
        Assert.Equal(0, (await _log.ExportAsync()).Rows);
        await _log.AppendAsync(LakeLog.Transactions(40, 13));
        Assert.Equal(13, (await _log.ExportAsync()).Rows);
        Assert.Equal(ExpectedPlaces(53), Ids(_log.Places()));
    }

    [Fact]
    public async Task A_record_that_cannot_be_decoded_is_told_with_its_place_once()
    {
        await _log.AppendAsync(LakeLog.Transactions(0, 4));
        await _log.AppendBytesAsync(EventSchemas.Transactions, 1, [9, 9], [0, 0, 0, 99, 99, 1]);
        await _log.AppendAsync(LakeLog.Transactions(4, 4));
        var told = new List<string>();
        var result = await _log.ExportAsync(told: told);
        Assert.Equal((8, 2), (result.Rows, result.Undecodable));
        Assert.Contains(told, line => line.StartsWith("transactions:1:", StringComparison.Ordinal) && line.Contains("wire format", StringComparison.Ordinal));
        Assert.Contains(told, line => line.Contains("the registry does not know its schema", StringComparison.Ordinal));
        Assert.Equal(0, (await _log.ExportAsync()).Undecodable);
        var status = Assert.Single(LakeStatus.Of(_log.Lake));
        Assert.Equal((8, 2, 0), (status.Rows, status.Undecodable, status.Unfinished));
    }

    [Fact]
    public async Task A_batch_of_which_nothing_can_be_decoded_is_not_read_again()
    {
        await _log.Log.CreateTopicAsync(EventSchemas.Transactions, 2, CancellationToken.None);
        await _log.AppendBytesAsync(EventSchemas.Transactions, 0, [1], [2]);
        Assert.Equal(2, (await _log.ExportAsync()).Undecodable);
        Assert.Equal(0, (await _log.ExportAsync()).Undecodable);
    }

    [Fact]
    public async Task Only_one_process_exports_a_topic()
    {
        await _log.AppendAsync(LakeLog.Transactions(0, 1));
        using var first = new LakeExport(new LakeExportOptions { Folder = _log.Lake, Topic = EventSchemas.Transactions }, _log.Log, _log.Registry);
        var fault = await Assert.ThrowsAsync<LakeException>(() => _log.ExportAsync());
        Assert.Contains("another process", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(40)]
    public async Task Records_of_another_log_do_not_come_among_those_of_the_lake(int events)
    {
        await _log.AppendAsync(LakeLog.Transactions(0, 20));
        await _log.ExportAsync();
        await using var other = new LakeLog();
        await other.AppendAsync(LakeLog.Transactions(0, events));
        using var export = new LakeExport(new LakeExportOptions { Folder = _log.Lake, Topic = EventSchemas.Transactions }, other.Log, other.Registry);
        var fault = await Assert.ThrowsAsync<LakeException>(() => export.RunAsync(null, CancellationToken.None));
        Assert.Contains("has records of another log", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_retention_took_before_the_export_is_a_gap_that_is_accepted_by_name()
    {
        await _log.AppendAsync(LakeLog.Transactions(0, 4));
        await _log.ExportAsync();
        using var refusing = new LakeExport(new LakeExportOptions { Folder = _log.Lake, Topic = EventSchemas.Transactions }, new TrimmedLog(_log.Log, 10), _log.Registry);
        await _log.AppendAsync(LakeLog.Transactions(4, 40));
        var fault = await Assert.ThrowsAsync<LakeException>(() => refusing.RunAsync(null, CancellationToken.None));
        Assert.Contains("--accept-gaps", fault.Message, StringComparison.Ordinal);
        refusing.Dispose();
        using var accepting = new LakeExport(new LakeExportOptions { Folder = _log.Lake, Topic = EventSchemas.Transactions, AcceptGaps = true }, new TrimmedLog(_log.Log, 10), _log.Registry);
        await accepting.RunAsync(null, CancellationToken.None);
        Assert.Equal(["10"], _log.Query("SELECT min(log_offset) FROM $lake WHERE log_offset > 4"));
    }

    private static string Text(Transaction each) => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{each.EventId}|{each.CardId}|{each.UserId ?? "-"}|{each.TerminalId}|{each.Amount:0.0##}|{each.Currency}|{each.Ts.Millis}|-|{each.Fraud?.ToString().ToLowerInvariant() ?? "-"}");

    private static IEnumerable<string> ExpectedPlaces(int count) => Enumerable.Range(0, count).Select(i => $"e{i}").Order(StringComparer.Ordinal);

    private static IEnumerable<string> Ids(List<string> places) => places.Select(place => place.Split('|')[2]).Order(StringComparer.Ordinal);
}
