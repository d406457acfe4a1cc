using System.Text.Json;
using Streaming.Cli.Shell;
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

    [Fact]
    public async Task A_missing_column_is_named()
    {
        using var cli = new Cli();
        var file = Tables.Csv(cli, "t.csv", "event_id,card,terminal_id,amount,ts,fraud\n1,c,t,10,0,0\n");
        var answer = await cli.RunAsync($"backfill --service handbook --input {file} --output {cli.PathOf("out.parquet")}");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains("'card_id'", answer.Fault, StringComparison.Ordinal);
    }
}
