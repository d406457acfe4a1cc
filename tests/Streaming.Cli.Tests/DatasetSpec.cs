using System.Text.Json;
using Streaming.Cli.Shell;
using Streaming.Offline.Parquet;

namespace Streaming.Cli.Tests;

/// <summary><c>streaming dataset</c>, from the log to a training set, and what it says of a spine that is wrong.</summary>
public sealed class DatasetSpec : IAsyncLifetime, IDisposable
{
    private readonly Cli _cli = new();

    public async Task InitializeAsync()
    {
        var file = Tables.Csv(_cli, "t.csv", "event_id,card_id,terminal_id,amount,ts\n1,007,t,10,2026-01-01\n2,007,t,20,2026-01-02\n3,7,t,30,2026-01-03\n");
        Assert.Equal(ExitCode.Ok, (await _cli.RunAsync($"ingest {file}")).Code);
        var export = await _cli.RunAsync($"lake export --topic transactions --dir {_cli.PathOf("lake")}");
        Assert.True(export.Code == ExitCode.Ok, export.Error);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Rows_keep_their_columns_and_get_features()
    {
        var spine = Tables.Csv(_cli, "s.csv", "card_id,terminal_id,ts,note\n007,t,2026-01-02T12:00:00Z,late\n7,t,2026-01-02T00:00:00Z,none\n007,t,2026-01-01T00:00:00Z,first\n");
        var answer = await RunAsync($"--service handbook --spine {spine} --json");
        Assert.True(answer.Code == ExitCode.Ok, answer.Error);
        Assert.Equal(3, JsonDocument.Parse(answer.Out).RootElement.GetProperty("rows").GetInt64());
        using var table = TableFile.Open(_cli.PathOf("out.parquet"));
        Assert.Equal(["card_id", "terminal_id", "ts", "note"], table.Columns.Take(4));
        using var rows = table.OpenRowGroup(0);
        var counts = new double[3];
        rows.ReadNumbers(table.ColumnOf("card_activity.tx_count_7d", ColumnMap.Empty), counts);
        Assert.Equal([1, 0, 2], counts);
        Assert.False(Directory.Exists(_cli.PathOf("out.parquet.work")));
    }

    [Fact]
    public async Task A_query_sees_the_topics_of_the_lake()
    {
        var answer = await RunAsync("--service handbook --spine", "SELECT card_id, terminal_id, ts, amount > 15 AS large FROM transactions ORDER BY ts;");
        Assert.True(answer.Code == ExitCode.Ok, answer.Error);
        Assert.Contains("3 rows with 12 features written to", answer.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("card_id, terminal_id", "")]
    [InlineData("card_id AS \"Card_Id\", terminal_id AS \"a, b = c\", terminal_id", "")]
    [InlineData("card_id AS \"Card\", terminal_id AS \"place of sale\"", "--map card_id=card,terminal_id=place of sale")]
    [InlineData("card_id AS terminal_id, terminal_id AS card_id", "--map card_id=terminal_id,terminal_id=card_id")]
    [InlineData("CAST(card_id AS ENUM ('007', '7')) AS card_id, terminal_id", "")]
    public async Task Keys_are_read_from_columns_of_any_name_and_type_that_fits(string columns, string map)
    {
        string[] words = ["dataset", "--lake", _cli.PathOf("lake"), "--output", _cli.PathOf("out.parquet"), "--service", "handbook", .. map.Split(' ', 2), "--spine"];
        var answer = await _cli.RunWordsAsync([.. words.Where(word => word.Length > 0), $"SELECT {columns}, ts FROM transactions ORDER BY ts"]);
        Assert.True(answer.Code == ExitCode.Ok, answer.Error);
        using var table = TableFile.Open(_cli.PathOf("out.parquet"));
        using var rows = table.OpenRowGroup(0);
        var (counts, amounts) = (new double[3], new double[3]);
        rows.ReadNumbers(table.ColumnOf("card_activity.tx_count_7d", ColumnMap.Empty), counts);
        rows.ReadNumbers(table.ColumnOf("card_activity.amount_avg_7d", ColumnMap.Empty), amounts);
        Assert.Equal([1, 2, 1], counts);
        Assert.Equal([10, 15, 30], amounts);
    }

    [Theory]
    [InlineData("handbook", "SELEC 1", "--spine: Parser Error")]
    [InlineData("handbook", "SELECT * FROM transaction", "--spine: Catalog Error: Table with name transaction does not exist! Did you mean \"transactions\"?")]
    [InlineData("handbook", "SELECT card_id AS card, terminal_id, ts FROM transactions", "reads an entity by card_id, and there is no column 'card_id'")]
    [InlineData("handbook", "SELECT card_id, terminal_id, amount FROM transactions", "which column is the time of a row?")]
    [InlineData("handbook", "SELECT card_id, terminal_id, 'x' AS ts FROM transactions", "column 'ts' is VARCHAR, and a time is a timestamp")]
    [InlineData("handbook", "SELECT amount AS card_id, terminal_id, ts FROM transactions", "column 'card_id' is DOUBLE, and a key is a text or a whole number")]
    [InlineData("handbook", "SELECT card_id, terminal_id, NULL::TIMESTAMP AS ts FROM transactions", "column 'ts' is null in 3 rows")]
    [InlineData("handbook", "SELECT card_id, terminal_id, ts, 1 AS \"card_activity.tx_count_1d\" FROM transactions", "has the name of a feature")]
    [InlineData("handbook", "nothing.parquet", "there is no such file")]
    [InlineData("handbok", "SELECT 1", "there is no feature service 'handbok'; did you mean 'handbook'?")]
    [InlineData("fraud", "SELECT card_id, terminal_id, ts, amount FROM transactions", "the lake has no events of 'labels'")]
    [InlineData("fraud", "SELECT card_id, terminal_id, ts, 'x' AS amount FROM transactions", "column 'amount' is VARCHAR, and request.amount is a number")]
    public async Task What_is_wrong_with_a_spine_is_told_in_one_line(string service, string spine, string expected)
    {
        var answer = await RunAsync($"--service {service} --spine", spine);
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains(expected, answer.Fault, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', answer.Error.TrimEnd('\n'));
        Assert.False(File.Exists(_cli.PathOf("out.parquet")));
    }

    [Theory]
    [InlineData("--known labels=log", "does not read 'labels'")]
    [InlineData("--known transactions", "is not of the form TOPIC=log")]
    [InlineData("--known transactions=amount", "the column is DOUBLE and no timestamp")]
    [InlineData("--known transactions=tss", "there is no such column; did you mean 'ts'?")]
    public async Task A_known_time_that_is_none_is_told(string option, string expected)
    {
        var answer = await RunAsync($"--service handbook {option} --spine", "SELECT card_id, terminal_id, ts FROM transactions");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains(expected, answer.Fault, StringComparison.Ordinal);
    }

    private Task<CliAnswer> RunAsync(string line, params string[] last) =>
        _cli.RunWordsAsync([.. $"dataset --lake {_cli.PathOf("lake")} --output {_cli.PathOf("out.parquet")} {line}".Split(' '), .. last]);
}
