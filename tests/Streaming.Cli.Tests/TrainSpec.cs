using System.Text.Json;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Offline.Parquet;
using Streaming.Offline.Training;
using Streaming.Simulation.Generators;

namespace Streaming.Cli.Tests;

public sealed class TrainSpec
{
    [Fact]
    public async Task A_model_is_trained_exported_compared_and_put_in_the_place_of_the_old_one()
    {
        using var cli = new Cli();
        var file = cli.PathOf("fraud.onnx");
        await File.WriteAllTextAsync(file, "old");
        var answer = await cli.RunAsync($"train fraud --cards 1500 --terminals 400 --days 4 --test-days 2 --output {file} --json");
        Assert.True(answer.Code == ExitCode.Ok, answer.Error);
        using var json = JsonDocument.Parse(answer.Out);
        var parity = json.RootElement.GetProperty("parity");
        Assert.True(parity.GetProperty("within_bound").GetBoolean());
        Assert.True(parity.GetProperty("rows").GetInt32() > 1_000);
        Assert.Equal("fraud", json.RootElement.GetProperty("feature_service").GetString());
        Assert.True(json.RootElement.GetProperty("metrics").GetProperty("auc_roc").GetDouble() > 0.6);
        Assert.True(new FileInfo(file).Length > 1_000, "the old file is still there");
        Assert.False(File.Exists(file + ".candidate"));
    }

    [Theory]
    [InlineData("nowhere/fraud.onnx", "nowhere; make it, or name a file elsewhere")]
    [InlineData("f/card.conf", "card.conf, which is read; name another file")]
    public async Task An_output_that_cannot_be_written_is_told_before_the_training(string output, string expected)
    {
        using var cli = new Cli();
        Directory.CreateDirectory(cli.PathOf("f"));
        foreach (var file in Directory.GetFiles(Path.Combine(Cli.RepositoryRoot, "schemas", "features")))
        {
            File.Copy(file, Path.Combine(cli.PathOf("f"), Path.GetFileName(file)));
        }

        cli["STREAMING_FEATURES"] = cli.PathOf("f");
        var answer = await cli.RunAsync($"train fraud --cards 1000000 --output {cli.PathOf(output)}");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains(expected, answer.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public void A_history_warms_up_for_the_longest_window_and_its_delay()
    {
        var catalog = Definitions.Features(Path.Combine(Cli.RepositoryRoot, "schemas", "features"));
        int WarmUp(string service) => new FraudHistory(catalog.For(catalog.FindService(service)!).Services[0], new TransactionGenerator(new TransactionGeneratorOptions())).WarmUpDays;
        Assert.Equal(37, WarmUp("fraud"));
    }

    [Fact]
    public async Task A_training_set_is_what_backfill_gives_for_the_same_history()
    {
        const int WarmUp = 20;
        const int Days = 6;
        using var cli = new Cli();
        var generator = new TransactionGenerator(new TransactionGeneratorOptions { Cards = 300, Terminals = 60, Seed = 5, LabelDelay = TimeSpan.FromDays(9) });
        var history = generator.Days(0, WarmUp + Days).SelectMany(day => Enumerable.Range(0, day.Count).Select(row => day[row])).ToArray();
        Write(cli, history, generator.Options.LabelDelay);
        var answer = await cli.RunAsync(
            $"backfill --service fraud --input transactions={cli.PathOf("t.parquet")} --input labels={cli.PathOf("l.parquet")} --output {cli.PathOf("out.parquet")}");
        Assert.True(answer.Code == ExitCode.Ok, answer.Error);

        var catalog = Definitions.Features(Path.Combine(Cli.RepositoryRoot, "schemas", "features"));
        var service = catalog.For(catalog.FindService("fraud")!).Services[0];
        var set = new FraudHistory(service, generator).Build(WarmUp, Days, _ => { }, CancellationToken.None);
        var kept = history.Where(each => each.TimeMillis >= generator.Options.Start.AddDays(WarmUp).ToUnixTimeMilliseconds()).ToArray();
        Assert.Equal(kept.Select(each => (each.TimeMillis, each.Fraud ? 1f : 0f, (long)each.Card)), set.TimesMillis.Zip(set.Labels, set.Cards));
        Assert.Contains(set.Features.Where((_, at) => at % set.Columns == set.FeatureNames.IndexOf("terminal_labels.risk_7d")), risk => risk > 0);
        AssertSame(set, cli.PathOf("out.parquet"), history.Length - kept.Length);
    }

    private static void Write(Cli cli, GeneratedTransaction[] history, TimeSpan delay)
    {
        var (cards, terminals) = (Array.ConvertAll(history, each => GeneratedIds.Card(each.Card)), Array.ConvertAll(history, each => GeneratedIds.Terminal(each.Terminal)));
        var (ids, times) = (Array.ConvertAll(history, each => GeneratedIds.Transaction(each.Id)), Array.ConvertAll(history, each => each.TimeMillis));
        ParquetTableWriter.Write(
            cli.PathOf("t.parquet"),
            [ParquetColumn.Of("event_id", ids), ParquetColumn.Of("card_id", cards), ParquetColumn.Of("terminal_id", terminals), ParquetColumn.Of("amount", Array.ConvertAll(history, each => each.Amount)), ParquetColumn.OfTimes("ts", times)],
            history.Length);
        ParquetTableWriter.Write(
            cli.PathOf("l.parquet"),
            [
                ParquetColumn.Of("transaction_id", ids), ParquetColumn.Of("card_id", cards), ParquetColumn.Of("terminal_id", terminals), ParquetColumn.OfTimes("transaction_ts", times),
                ParquetColumn.Of("fraud", Array.ConvertAll(history, each => each.Fraud ? 1 : 0)), ParquetColumn.OfTimes("labelled_at", Array.ConvertAll(history, each => each.Label(delay).LabelledAtMillis)),
            ],
            history.Length);
    }

    private static void AssertSame(TrainingSet set, string file, int first)
    {
        using var table = TableFile.Open(file);
        using var rows = table.OpenRowGroup(0);
        Assert.Equal(table.Columns.Skip(1), set.FeatureNames.AsEnumerable());
        Assert.Equal(first + set.Rows, rows.Rows);
        var values = new double[rows.Rows];
        for (var column = 0; column < set.Columns; column++)
        {
            rows.ReadNumbers(column + 1, values);
            Assert.Equal(values.Skip(first).Select(value => (float)value), set.Features.Where((_, at) => at % set.Columns == column));
        }
    }
}
