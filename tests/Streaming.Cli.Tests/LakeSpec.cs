using System.Text.Json;
using Streaming.Cli.Shell;

namespace Streaming.Cli.Tests;

/// <summary><c>streaming lake</c>, from events in the log to files.</summary>
public sealed class LakeSpec
{
    private const string Rows = "event_id,card_id,terminal_id,amount,ts\n1,c,t,10,2026-01-01\n2,d,t,20,2026-01-02\n3,e,t,30,2026-01-02\n";

    [Fact]
    public async Task Events_are_exported_once_listed_and_merged()
    {
        using var cli = new Cli();
        var (lake, file) = (cli.PathOf("lake"), Tables.Csv(cli, "t.csv", Rows));
        Assert.Equal(ExitCode.Ok, (await cli.RunAsync($"ingest {file}")).Code);
        var first = await cli.RunAsync($"lake export --dir {lake}");
        Assert.True(first.Code == ExitCode.Ok, first.Error);
        Assert.Contains("transactions: 3 rows exported to", first.Out, StringComparison.Ordinal);
        var again = await cli.RunAsync($"lake export --topic transactions --dir {lake} --json");
        Assert.Equal(0, JsonDocument.Parse(again.Out).RootElement.GetProperty("topics")[0].GetProperty("rows").GetInt64());
        var list = await cli.RunAsync($"lake ls --dir {lake} --json");
        var topic = JsonDocument.Parse(list.Out).RootElement.GetProperty("topics").EnumerateArray().Single(each => each.GetProperty("topic").GetString() == "transactions");
        Assert.Equal((3, "2026-01-01", "2026-01-02"), (topic.GetProperty("rows").GetInt32(), topic.GetProperty("first_day").GetString(), topic.GetProperty("last_day").GetString()));
        var compact = await cli.RunAsync($"lake compact --dir {lake}");
        Assert.True(compact.Code == ExitCode.Ok, compact.Error);
        Assert.Contains("transactions: ", compact.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_lake_is_beside_its_log_and_takes_no_other_ones_records()
    {
        using var one = new Cli();
        await one.RunAsync($"ingest {Tables.Csv(one, "t.csv", Rows)}");
        Assert.Equal(ExitCode.Ok, (await one.RunAsync("lake export")).Code);
        var lake = Path.Combine(one.Data, "lake");
        Assert.True(Directory.Exists(Path.Combine(lake, "transactions")));
        Assert.Contains("transactions", (await one.RunAsync("lake ls")).Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Ok, (await one.RunAsync("lake compact")).Code);
        var dataset = await one.RunWordsAsync(
            ["dataset", "--service", "handbook", "--output", one.PathOf("o.parquet"), "--spine", "SELECT card_id, terminal_id, ts FROM transactions"]);
        Assert.True(dataset.Code == ExitCode.Ok, dataset.Error);

        using var other = new Cli();
        await other.RunAsync($"ingest {Tables.Csv(other, "t.csv", Rows + Rows[Rows.IndexOf('\n')..].TrimStart('\n'))}");
        var refused = await other.RunAsync($"lake export --dir {lake}");
        Assert.Equal(ExitCode.Failed, refused.Code);
        Assert.Contains("has records of another log", refused.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lake_is_followed_until_it_is_interrupted()
    {
        using var cli = new Cli();
        var (lake, file) = (cli.PathOf("lake"), Tables.Csv(cli, "t.csv", Rows));
        await cli.RunAsync($"ingest {file}");
        using var stop = new CancellationTokenSource();
        await using var output = new SharedText();
        var following = cli.RunAsync($"lake export --dir {lake} --follow --every 20ms", output, stop.Token);
        await Eventually.TrueAsync("exported", () => output.ToString().Contains("transactions: 3 rows", StringComparison.Ordinal));
        await cli.RunAsync($"ingest {Tables.Csv(cli, "u.csv", Rows.Replace("\n1,", "\n7,", StringComparison.Ordinal))} --map terminal_id=card_id");
        await Eventually.TrueAsync("exported more", () => output.ToString().Split("rows exported").Length > 2);
        await stop.CancelAsync();
        Assert.Equal(ExitCode.Interrupted, (await following).Code);
    }

    [Theory]
    [InlineData("lake export", "there is no log here")]
    [InlineData("lake export --topic transaction", "there is no schema of this topic; did you mean 'transactions'?")]
    [InlineData("lake ls --dir nowhere", "there is no lake here")]
    [InlineData("lake compact --dir nowhere", "there is no lake here")]
    public async Task What_is_not_there_is_told(string line, string expected)
    {
        using var cli = new Cli();
        var answer = await cli.RunAsync(line);
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains(expected, answer.Fault, StringComparison.Ordinal);
    }
}
