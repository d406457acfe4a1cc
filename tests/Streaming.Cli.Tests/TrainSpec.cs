using System.Text.Json;
using Streaming.Cli.Settings;
using Streaming.Cli.Shell;
using Streaming.Offline.Parquet;
using Streaming.Offline.Training;
using Streaming.Scoring.Registry;
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
        var gate = json.RootElement.GetProperty("gate");
        Assert.True(gate.GetProperty("passed").GetBoolean());
        Assert.Equal(json.RootElement.GetProperty("metrics").GetProperty("rows").GetInt32(), gate.GetProperty("rows").GetInt32());
        Assert.InRange(gate.GetProperty("largest").GetProperty("difference").GetDouble(), 0, 1e-6);
        Assert.Equal(
            ["rows", "batches", "library", "thresholds", "missing", "ranges"],
            gate.GetProperty("checks").EnumerateArray().Select(check => check.GetProperty("name").GetString()));
        Assert.Equal("fraud", json.RootElement.GetProperty("feature_service").GetString());
        Assert.True(json.RootElement.GetProperty("metrics").GetProperty("auc_roc").GetDouble() > 0.6);
        Assert.True(new FileInfo(file).Length > 1_000, "the old file is still there");
        Assert.False(File.Exists(file + ".candidate"));
        var run = new RunFolder(new RegistryFolder(Path.Combine(cli.Data, "models"), TimeProvider.System)).Require(json.RootElement.GetProperty("run_id").GetString()!);
        Assert.Equal(("4", RunStatus.Finished), (run.Params["days"], run.Status));
        Assert.Equal(["gate.json", "model.onnx", "report.md"], new ArtifactFolder(new RegistryFolder(Path.Combine(cli.Data, "models"), TimeProvider.System)).List($"{run.ExperimentId}/{run.Id}/artifacts").Select(entry => entry.Name));
        using var shown = JsonDocument.Parse((await cli.RunAsync("models show fraud --version 1 --json")).Out);
        Assert.Equal(run.Id, shown.RootElement.GetProperty("version").GetProperty("run_id").GetString());
        Assert.Equal(run.LatestMetrics().Single(point => point.Key == "auc_roc").Value, shown.RootElement.GetProperty("version").GetProperty("metrics").GetProperty("auc_roc").GetDouble());
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

    [Theory]
    [InlineData("--protocol handbok --input x.parquet", "the model 'fraud' has no training 'handbok'; did you mean 'handbook'?")]
    [InlineData("--protocol handbook", "--protocol handbook needs --input FILE")]
    [InlineData("--protocol handbook --input x.parquet --candidate tree", "the training 'handbook' has no candidate 'tree'; did you mean 'trees'?")]
    [InlineData("--protocol handbook --input x.parquet --output x.onnx --validation-only", "which --validation-only does not look at")]
    [InlineData("--protocol handbook --input x.parquet --output x.onnx --candidate logistic", "only candidates of LightGBM are written as a model")]
    [InlineData("--protocol handbook --input x.parquet --output nowhere/x.onnx", "nowhere; make it, or name a file elsewhere")]
    public async Task A_comparison_that_cannot_be_made_is_told(string options, string expected)
    {
        using var cli = new Cli();
        var answer = await cli.RunAsync($"train fraud {options}");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains(expected, answer.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Candidates_are_compared_on_a_history_in_files()
    {
        using var cli = new Cli();
        WriteSmallTraining(cli, "../training/none.conf");
        var answer = await cli.RunAsync("train fraud --protocol small --input x.parquet");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains("TR011 ", answer.Fault, StringComparison.Ordinal);

        WriteSmallTraining(cli, null);
        var generator = new TransactionGenerator(new TransactionGeneratorOptions { Cards = 600, Terminals = 100, Seed = 6 });
        var history = generator.Days(0, 24).SelectMany(day => Enumerable.Range(0, day.Count).Select(row => day[row])).ToArray();
        Write(cli, history, generator.Options.LabelDelay);
        var line = $"train fraud --protocol small --input {cli.PathOf("t.parquet")}";
        answer = await cli.RunAsync($"{line} --report {cli.PathOf("report")}");
        Assert.True(answer.Code == ExitCode.Ok, answer.Error);
        Assert.Contains("trial 2 of 2", answer.Error, StringComparison.Ordinal);
        Assert.Contains("MEAN ", answer.Out.ToUpperInvariant(), StringComparison.Ordinal);
        Assert.Contains($"    streaming {line} --report", await File.ReadAllTextAsync(cli.PathOf("report/fraud-small.md")), StringComparison.Ordinal);

        var again = await cli.RunAsync($"{line} --json");
        Assert.Equal((await cli.RunAsync($"{line} --json")).Out, again.Out);
        using var json = JsonDocument.Parse(again.Out);
        var candidate = Assert.Single(json.RootElement.GetProperty("candidates").EnumerateArray());
        Assert.Equal(1, candidate.GetProperty("folds").GetArrayLength());
        Assert.True(candidate.GetProperty("mean").GetProperty("auc_roc").GetDouble() > 0.5);
    }

    [Fact]
    public async Task The_best_candidate_is_written_held_to_the_gate_registered_and_promoted()
    {
        using var cli = new Cli();
        WriteSmallTraining(cli, null);
        var generator = new TransactionGenerator(new TransactionGeneratorOptions { Cards = 600, Terminals = 100, Seed = 6 });
        var history = generator.Days(0, 24).SelectMany(day => Enumerable.Range(0, day.Count).Select(row => day[row])).ToArray();
        Write(cli, history, generator.Options.LabelDelay);
        var line = $"train fraud --protocol small --input {cli.PathOf("t.parquet")} --output {cli.PathOf("best.onnx")}";
        using var first = await RunJsonAsync(cli, line);
        var (model, fold) = (first.RootElement.GetProperty("model"), first.RootElement.GetProperty("candidates")[0].GetProperty("folds")[0].GetProperty("metrics"));
        var written = model.GetProperty("written");
        Assert.True(written.GetProperty("gate").GetProperty("passed").GetBoolean());
        Assert.Equal(fold.GetProperty("rows").GetInt32(), written.GetProperty("gate").GetProperty("rows").GetInt32());
        Assert.Equal(fold.GetProperty("auc_roc").GetDouble(), written.GetProperty("metrics").GetProperty("auc_roc").GetDouble(), 1e-6);
        Assert.StartsWith("declare a model in ", model.GetProperty("to_serve").GetString(), StringComparison.Ordinal);

        var served = await File.ReadAllTextAsync(cli.PathOf("m/fraud.conf"));
        await File.WriteAllTextAsync(cli.PathOf("m/fraud.conf"), served.Replace("service = fraud", "service = amounts", StringComparison.Ordinal));
        using var second = await RunJsonAsync(cli, line);
        Assert.Equal("streaming models promote fraud 2", second.RootElement.GetProperty("model").GetProperty("to_serve").GetString());
        var promoted = await cli.RunAsync("models promote fraud 2");
        Assert.True(promoted.Code == ExitCode.Ok, promoted.Error);
        using var shown = await RunJsonAsync(cli, "models show fraud --version champion --json");
        var version = shown.RootElement.GetProperty("version");
        Assert.Equal(("trees", "small"), (version.GetProperty("params").GetProperty("candidate").GetString(), version.GetProperty("params").GetProperty("protocol").GetString()));
    }

    private static async Task<JsonDocument> RunJsonAsync(Cli cli, string line)
    {
        var answer = await cli.RunAsync(line.Contains("--json", StringComparison.Ordinal) ? line : line + " --json");
        Assert.True(answer.Code == ExitCode.Ok, answer.Error);
        return JsonDocument.Parse(answer.Out);
    }

    private static void WriteSmallTraining(Cli cli, string? definitions)
    {
        Directory.CreateDirectory(cli.PathOf("m"));
        var start = new TransactionGeneratorOptions().Start;
        File.WriteAllText(cli.PathOf("m/small.conf"), $$"""
            training small {
              model = fraud, label = fraud, card = card_id, calibration = platt
              {{(definitions is null ? "" : $"definitions = \"{definitions}\"")}}
              split { train = 5d, delay = 2d, test = 4d }
              folds { validation = ["{{start:yyyy-MM-dd}}"], test = ["{{start.AddDays(12):yyyy-MM-dd}}"] }
              search { trials = 2, seed = 1, choose-by = mean }
              early-stopping { every = 5, patience = 10 }
              candidates { trees { learner = lightgbm, service = amounts, rounds = 10, space { num_leaves = [4, 8] } } }
            }
            """);
        Directory.CreateDirectory(cli.PathOf("f"));
        File.WriteAllText(cli.PathOf("f/f.conf"), """
            feature-view card { entity = card, source = transactions, key = card_id, time = ts, features { mean { avg = amount, over = 7d } } }
            feature-service amounts { request = transactions, features = [request.amount, card.mean_7d] }
            """ + "\nfeature-service fraud { request = transactions, features = [request.amount] }\n");
        File.WriteAllText(cli.PathOf("m/fraud.conf"), """
            model fraud {
              service = fraud, file = "fraud.onnx", champion = true
              thresholds { review = 0.3, decline = 0.8 }, fallback { score = 0.5, decision = review }
            }
            """);
        (cli["STREAMING_MODELS"], cli["STREAMING_FEATURES"]) = (cli.PathOf("m"), cli.PathOf("f"));
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
            [ParquetColumn.Of("event_id", ids), ParquetColumn.Of("card_id", cards), ParquetColumn.Of("terminal_id", terminals), ParquetColumn.Of("amount", Array.ConvertAll(history, each => each.Amount)), ParquetColumn.OfTimes("ts", times), ParquetColumn.Of("fraud", Array.ConvertAll(history, each => each.Fraud ? 1 : 0))],
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
