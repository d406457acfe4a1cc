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
    [InlineData("nothing.onnx", true, "there is no such file")]
    [InlineData("torch.onnx --predictions nothing.csv", false, "there is no such file")]
    public async Task What_cannot_be_checked_is_told(string line, bool isDifferent, string says)
    {
        using var cli = Prepare();
        var rows = line.Contains("--predictions", StringComparison.Ordinal) ? "" : $" --predictions {s_brought}/torch.csv";
        var answer = await cli.RunAsync($"models check {s_brought}/{line}{rows} --model right");
        Assert.Equal(isDifferent ? ExitCode.Different : ExitCode.Usage, answer.Code);
        Assert.Contains(says, answer.Fault, StringComparison.Ordinal);
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
