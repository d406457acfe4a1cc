using System.Text.Json;
using Streaming.Cli.Shell;

namespace Streaming.Cli.Tests;

public sealed class ModelsCheckSpec
{
    private static readonly string s_brought = Path.Combine(Cli.RepositoryRoot, "tests", "Streaming.Scoring.Tests", "Models", "Brought");

    [Fact]
    public async Task A_right_model_passes_and_a_wrong_one_ends_with_code_4_and_the_row()
    {
        using var cli = Prepare();
        var right = await cli.RunAsync($"models check {s_brought}/sklearn_forest.onnx --model right --predictions {s_brought}/sklearn_forest.csv");
        Assert.True(right.Code == ExitCode.Ok, right.Error);
        Assert.Matches("verdict +passed", right.Out);
        Assert.Matches(@"rows +passed +60 +\d", right.Out);

        var wrong = await cli.RunAsync($"models check {s_brought}/sklearn_forest.onnx --model wrong --predictions {s_brought}/sklearn_forest.csv --json");
        Assert.Equal(ExitCode.Different, wrong.Code);
        using var json = JsonDocument.Parse(wrong.Out);
        Assert.False(json.RootElement.GetProperty("passed").GetBoolean());
        var row = json.RootElement.GetProperty("largest").GetProperty("row").GetInt32();
        Assert.Contains($" at row {row}: expected ", wrong.Fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("string_input.onnx", true, "a feature vector holds numbers and no texts")]
    [InlineData("nothing.onnx", false, "nothing.onnx: there is no such file")]
    [InlineData("zipmap_three_of_two.onnx", true, "its classes are 3")]
    [InlineData("torch.onnx --predictions nothing.csv", false, "there is no such file")]
    public async Task What_cannot_be_checked_is_told(string line, bool isDifferent, string says)
    {
        using var cli = Prepare();
        var rows = line.Contains("--predictions", StringComparison.Ordinal) ? "" : $" --predictions {s_brought}/torch.csv";
        var answer = await cli.RunAsync($"models check {s_brought}/{line}{rows} --model right");
        Assert.Equal(isDifferent ? ExitCode.Different : ExitCode.Usage, answer.Code);
        Assert.Contains(says, answer.Fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Columns_of_other_names_are_mapped_as_the_message_says()
    {
        using var cli = Prepare();
        var lines = await File.ReadAllLinesAsync($"{s_brought}/sklearn_forest.csv");
        await File.WriteAllLinesAsync(
            cli.PathOf("p.csv"), [lines[0].Replace("request.amount", "amount", StringComparison.Ordinal).Replace("score", "p1", StringComparison.Ordinal), .. lines[1..]]);
        var line = $"models check {s_brought}/sklearn_forest.onnx --model right --predictions {cli.PathOf("p.csv")}";
        var column = await cli.RunAsync(line);
        Assert.Equal(ExitCode.Usage, column.Code);
        Assert.Contains("there is no column 'request.amount'", column.Fault, StringComparison.Ordinal);
        Assert.Contains("(--map request.amount=", column.Fault, StringComparison.Ordinal);
        var score = await cli.RunAsync(line + " --map request.amount=amount");
        Assert.Equal(ExitCode.Usage, score.Code);
        Assert.Contains("(--score COLUMN)", score.Fault, StringComparison.Ordinal);
        var unknown = await cli.RunAsync(line + " --map request.amuont=amount --score p1");
        Assert.Equal(ExitCode.Usage, unknown.Code);
        Assert.Contains("--map: there is no 'request.amuont'; did you mean 'request.amount'?", unknown.Fault, StringComparison.Ordinal);
        var right = await cli.RunAsync(line + " --map request.amount=amount --score p1");
        Assert.True(right.Code == ExitCode.Ok, right.Error);
    }

    /// <summary>What docs/cli.md says: a file that cannot be registered is a wrong request.</summary>
    [Theory]
    [InlineData("nothing.onnx")]
    [InlineData("string_input.onnx")]
    [InlineData("zipmap_three_of_two.onnx")]
    [InlineData("torch.csv")]
    public async Task A_file_that_cannot_be_served_is_not_registered_and_ends_with_code_2(string file)
    {
        using var cli = Prepare();
        var answer = await cli.RunAsync($"models register {s_brought}/{file} --model right");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains(file, answer.Fault, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, (await cli.RunAsync("models show right")).Code);
    }

    private static Cli Prepare()
    {
        var cli = new Cli();
        Directory.CreateDirectory(cli.PathOf("m"));
        Directory.CreateDirectory(cli.PathOf("f"));
        File.WriteAllText(cli.PathOf("f/f.conf"), """
            feature-view card_activity {
              entity = card, source = transactions, key = card_id, time = ts
              features { tx_count { count = "*", over = [1d] }, amount_avg { avg = amount, over = [1d] }, biggest { max = amount, over = [1d] } }
            }
            feature-service fraud {
              request = transactions
              features = [request.amount, card_activity.tx_count_1d, card_activity.amount_avg_1d, card_activity.biggest_1d]
            }
            """);
        File.WriteAllText(cli.PathOf("m/m.conf"), Model("right", "fraud", true) + Model("wrong", "legit", false));
        (cli["STREAMING_MODELS"], cli["STREAMING_FEATURES"]) = (cli.PathOf("m"), cli.PathOf("f"));
        return cli;
    }

    private static string Model(string name, string label, bool champion) => $$"""
        model {{name}} {
          service = fraud, file = "{{name}}.onnx", champion = {{(champion ? "true" : "false")}}
          thresholds { review = 0.3, decline = 0.8 }, fallback { score = 0.5, decision = review }
          output { class = {{label}} }
        }

        """;
}
