using System.Text.Json;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Offline.Backfill;
using Streaming.Offline.Parquet;

namespace Streaming.Cli.Tests;

public sealed class BackfillSpec
{
    [Fact]
    public async Task Features_are_as_of_each_row_itself_included()
    {
        using var cli = new Cli();
        var file = Tables.Csv(cli, "t.csv", "transaction_id,customer_id,terminal_id,amount,ts,fraud\n1,c,t,10,0,0\n2,c,t,30,3600000,0\n3,c,t,5,90000000,1\n");
        var output = cli.PathOf("out.parquet");
        var answer = await cli.RunAsync($"backfill --service handbook --input {file} --map card_id=customer_id,event_id=transaction_id --output {output} --json");
        Assert.Equal((ExitCode.Ok, ""), (answer.Code, answer.Error));
        using var json = JsonDocument.Parse(answer.Out);
        Assert.Equal(3, json.RootElement.GetProperty("rows").GetInt64());
        Assert.Equal(13, json.RootElement.GetProperty("columns").GetArrayLength());

        using var table = TableFile.Open(output);
        using var rows = table.OpenRowGroup(0);
        Assert.Equal([1, 2, 1], Numbers("card_activity.tx_count_1d"));
        Assert.Equal([10, 20, 5], Numbers("card_activity.amount_avg_1d"));
        Assert.Equal([10, 20, 15], Numbers("card_activity.amount_avg_7d"));
        Assert.Equal([0, 0, 0], Numbers("terminal_risk.risk_30d"));

        double[] Numbers(string column)
        {
            var values = new double[rows.Rows];
            rows.ReadNumbers(table.ColumnOf(column, ColumnMap.Empty), values);
            return values;
        }
    }

    [Theory]
    [InlineData("--map fruad=is_fraud", "has no field 'fruad'; did you mean 'fraud'?")]
    [InlineData("--map fraud=is_fraud", "there is no column 'is_fraud' for field 'fraud'")]
    [InlineData("--map country=land", "there is no column 'land' for field 'country'")]
    public async Task A_map_that_names_what_is_not_there_is_refused(string map, string expected)
    {
        using var cli = new Cli();
        var file = Tables.Csv(cli, "t.csv", "event_id,card_id,terminal_id,amount,ts\n1,c,t,10,0\n");
        var answer = await cli.RunAsync($"backfill --service handbook --input {file} {map} --output {cli.PathOf("out.parquet")}");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains(expected, answer.Fault, StringComparison.Ordinal);
        Assert.False(File.Exists(cli.PathOf("out.parquet")));
    }

    [Theory]
    [InlineData("2,c,t,10,", "row 2: column 'ts'")]
    [InlineData("2,,t,10,5", "row 2: column 'card'")]
    [InlineData("2,c,t,,5", "row 2: column 'amount'")]
    public async Task A_row_that_is_no_event_is_refused_as_ingest_does(string row, string expected)
    {
        using var cli = new Cli();
        var file = Tables.Csv(cli, "t.csv", $"event_id,card,terminal_id,amount,ts\n1,c,t,10,1\n{row}\n3,c,t,10,9\n");
        var answer = await cli.RunAsync($"backfill --service handbook --input {file} --map card_id=card --output {cli.PathOf("out.parquet")}");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains(expected, answer.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backfill_that_is_cancelled_midway_leaves_nothing_at_work_on_its_files()
    {
        using var cli = new Cli();
        var files = Enumerable.Range(0, 30).Select(file => Tables.Csv(
            cli,
            $"{file}.csv",
            "event_id,card_id,terminal_id,amount,ts\n" + string.Concat(Enumerable.Range(0, 200).Select(i => $"{i},c{i % 7},t,1,{(file * 1_000) + i}\n"))));
        using var stop = new CancellationTokenSource();
        var job = new BackfillJob(new BackfillOptions
        {
            Catalog = Definitions.Features(Path.Combine(Cli.RepositoryRoot, "schemas", "features")),
            Service = "handbook",
            Inputs = [.. files],
            Map = ColumnMap.Empty,
            Output = cli.PathOf("out.parquet"),
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => job.RunAsync(new After(600, stop), stop.Token));
        Assert.True(stop.IsCancellationRequested);
    }

    [Fact]
    public async Task A_missing_column_is_named()
    {
        using var cli = new Cli();
        var file = Tables.Csv(cli, "t.csv", "event_id,card,terminal_id,amount,ts,fraud\n1,c,t,10,0,0\n");
        var answer = await cli.RunAsync($"backfill --service handbook --input {file} --output {cli.PathOf("out.parquet")}");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains("'card_id'", answer.Fault, StringComparison.Ordinal);
    }

    private sealed class After(long rows, CancellationTokenSource stop) : IProgress<BackfillProgress>
    {
        public void Report(BackfillProgress value)
        {
            if (value.Rows >= rows)
            {
                stop.Cancel();
            }
        }
    }
}
