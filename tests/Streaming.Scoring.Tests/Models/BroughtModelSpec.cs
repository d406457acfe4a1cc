using System.Globalization;
using Streaming.Features.Plans;
using Streaming.Scoring.Definitions;
using Streaming.Scoring.Models;

namespace Streaming.Scoring.Tests.Models;

/// <summary>Files that other tools made (Brought/README.md), held to the scores that these tools gave.</summary>
public sealed class BroughtModelSpec : IDisposable
{
    private const int Columns = 4;
    private static readonly FeatureCatalog s_catalog = Samples.Catalog();
    private static readonly string s_folder = Path.Combine(RepositoryRoot.Path, "tests", "Streaming.Scoring.Tests", "Models", "Brought");
    private readonly TempFolder _scratch = new();

    public static TheoryData<string, string> Served => new()
    {
        { "torch", "" },
        { "torch", "output { name = score, column = 0 }" },
        { "torch_double_one_row", "" },
        { "torch_three_classes", "output { column = 2 }" },
        { "torch_embedding", """
            inputs { amounts = [request.amount, card_activity.amount_avg_1d, card_activity.biggest_1d], count = card_activity.tx_count_1d }
            output { name = score }
            """ },
        { "sklearn_logistic", "" },
        { "sklearn_logistic", "output { name = output_probability, class = 1 }" },
        { "sklearn_columns", "" },
        { "sklearn_columns", """
            inputs {
              amount = request.amount, tx_count_1d = card_activity.tx_count_1d
              amount_avg_1d = card_activity.amount_avg_1d, biggest_1d = card_activity.biggest_1d
            }
            """ },
        { "sklearn_forest", "output { class = fraud }" },
        { "sklearn_forest", "output { name = output_probability, column = 0 }" },
        { "xgboost", "" },
        { "xgboost", "output { name = probabilities, class = 1 }" },
    };

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [MemberData(nameof(Served))]
    public void Scores_are_those_of_the_tool_that_made_the_file_and_take_no_memory(string file, string mapping)
    {
        var (rows, expected) = Read(file);
        using var model = Load(file, mapping);
        var scores = new float[expected.Length];
        model.Score(rows, expected.Length, scores);
        for (var row = 0; row < expected.Length; row++)
        {
            Assert.Equal(expected[row], scores[row], 1e-6);
            Assert.Equal(expected[row], model.Score(rows.AsSpan(row * Columns, Columns)), 1e-6);
        }

        Assert.NotEqual(expected.Min(), expected.Max(), 0.02);
        Allocations.AssertNone(() =>
        {
            model.Score(rows.AsSpan(0, Columns));
            model.Score(rows, expected.Length, scores);
        });
    }

    [Theory]
    [InlineData("inputs { features = [card_activity.tx_count_1d, request.amount, card_activity.amount_avg_1d, card_activity.biggest_1d] }")]
    [InlineData("inputs { features = [request.amount, request.amount, card_activity.amount_avg_1d, card_activity.biggest_1d] }")]
    public void The_declared_order_of_features_is_the_order_of_columns(string mapping)
    {
        var (rows, _) = Read("torch");
        using var plain = Load("torch", "");
        using var mapped = Load("torch", mapping);
        var row = rows[..Columns];
        var moved = mapping.Contains("[request.amount, request", StringComparison.Ordinal)
            ? new[] { row[0], row[0], row[2], row[3] }
            : [row[1], row[0], row[2], row[3]];
        Assert.Equal(plain.Score(moved), mapped.Score(row));
        Assert.NotEqual(plain.Score(row), mapped.Score(row), 1e-3);
    }

    [Theory]
    [InlineData("string_input", "", "\"currency\" (String [?, 1]) cannot be served: a feature vector holds numbers and no texts; make a number of")]
    [InlineData("torch_three_classes", "", "\"score\" (Float [rows, 3]) has 3 columns, and it is not clear which is the score; say it")]
    [InlineData("torch_embedding", "", "\"amounts\" (Float [n, 3]) takes 3 features; say in the model's definition what it takes: inputs { \"amounts\" =")]
    [InlineData("torch", "inputs { features = [request.amount] }", "MD026 m.conf:6:10 \"features\" gets 1 feature, but the input \"features\" (Float [n, 4])")]
    [InlineData("torch", "inputs { feature = [request.amount] }", "MD024 m.conf:6:10 \"inputs\" names \"feature\"")]
    [InlineData("torch_embedding", "inputs { count = card_activity.tx_count_1d }", "MD025 m.conf:6:10")]
    [InlineData("torch", "output { name = scroe }", "MD027 m.conf:6:8 \"output\" names \"scroe\"")]
    [InlineData("torch", "output { column = 1 }", "MD028 m.conf:6:8 column 1 is declared, but the output \"score\" (Float [rows, 1])")]
    [InlineData("torch", "output { class = fraud }", "MD029 m.conf:6:8 class fraud is declared, but the output \"score\" (Float [rows, 1]) of")]
    [InlineData("sklearn_forest", "", "has the classes fraud, legit, and it is not clear of which the score is the probability")]
    [InlineData("sklearn_forest", "output { class = fruad }", "has the classes fraud, legit")]
    [InlineData("zipmap_three_of_two", "", "output \"output_probability\" (Float [rows, 2]) has 2 columns, but its classes are 3: 0, 1, 2")]
    [InlineData("zipmap_three_of_two", "output { class = 1 }", "has 2 columns, but its classes are 3: 0, 1, 2; export it again")]
    public void What_cannot_be_served_is_refused_with_name_type_shape_and_the_way_out(string file, string mapping, string says)
    {
        var error = Assert.Throws<ModelException>(() => Load(file, mapping));
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
        Assert.Contains(file + ".onnx", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_in_another_file_are_refused()
    {
        // x [N, 4] -> MatMul with the external tensor w -> y, made with onnx.helper.
        System.IO.File.WriteAllBytes(_scratch["m.onnx"], Convert.FromBase64String("CAgSADpoChEKAXgKAXcSAXkiBk1hdE11bBIBZyokCAQIARABQgF3ahcKCGxvY2F0aW9uEgt3ZWlnaHRzLmJpbnABWhQKAXgSDwoNCAESCQoDEgFOCgIIBGIUCgF5Eg8KDQgBEgkKAxIBTgoCCAFCBAoAEA0="));
        var error = Assert.Throws<ModelException>(() => OnnxModel.Load(_scratch["m.onnx"]));
        Assert.Contains("are in another file (weights.bin); save it as one file", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("inputs { features = [request.amuont] }", "MD020", "did you mean \"request.amount\"?")]
    [InlineData("output { column = 1, class = fraud }", "MD021", "remove one")]
    [InlineData("output { column = last }", "MD022", "found \"last\"")]
    [InlineData("inputs { a { b = request.amount } }", "MD023", "in quotes")]
    [InlineData("output { nmae = x }", "FV014", "did you mean \"name\"?")]
    public void A_mistake_in_the_mapping_is_told_with_its_place(string mapping, string code, string says)
    {
        var (_, diagnostics) = ModelDefinitions.Parse([("m.conf", Text("torch", mapping))], s_catalog);
        Assert.Contains(diagnostics, one => one.Code == code && one.Position.Line == 6 && one.Message.Contains(says, StringComparison.Ordinal));
    }

    [Fact]
    public void An_input_of_whole_numbers_takes_no_others()
    {
        const string mapping = """
            inputs { amounts = [request.amount, card_activity.amount_avg_1d, card_activity.biggest_1d], count = card_activity.tx_count_1d }
            output { name = score }
            """;
        using var model = Load("torch_embedding", mapping);
        Assert.InRange(model.Score([10, 2, 10, 10]), 0, 1);
        var error = Assert.Throws<ArithmeticException>(() => model.Score([10, 2.5f, 10, 10]));
        Assert.Contains("\"count\" is Int64 and takes whole numbers, but got 2.5", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArithmeticException>(() => model.Score([10, float.NaN, 10, 10]));
    }

    [Fact]
    public void The_scorer_serves_it_by_its_definition_and_says_why_it_cannot()
    {
        var right = ModelDefinitions.Parse([(_scratch["m.conf"], Text("sklearn_forest", "output { class = fraud }"))], s_catalog).Models[0];
        var wrong = right with { Mapping = right.Mapping with { Output = right.Mapping.Output! with { Class = "thief" } } };
        using (var scorer = Scorer.Load(right with { File = File("sklearn_forest") }, s_catalog))
        {
            Assert.Null(scorer.Fault);
        }

        using var broken = Scorer.Load(wrong with { File = File("sklearn_forest") }, s_catalog);
        Assert.StartsWith($"MD029 {_scratch["m.conf"]}:6:8 class thief", broken.Fault, StringComparison.Ordinal);
    }

    private static string File(string name) => Path.Combine(s_folder, name + ".onnx");

    private static OnnxModel Load(string file, string mapping)
    {
        var (models, diagnostics) = ModelDefinitions.Parse([("m.conf", Text(file, mapping))], s_catalog);
        Assert.Empty(diagnostics);
        return OnnxModel.Load(File(file), s_catalog.FindService("fraud")!.FeatureNames, models[0].Mapping);
    }

    private static string Text(string file, string mapping) => $$"""
        model brought {
          service = fraud, champion = true
          file = "{{file}}.onnx"
          thresholds { review = 0.3, decline = 0.8 }
          fallback { score = 0.5, decision = review }
        {{mapping}}
        }
        """;

    private static (float[] Rows, double[] Scores) Read(string file)
    {
        var lines = System.IO.File.ReadAllLines(Path.Combine(s_folder, file + ".csv")).Skip(1).Select(line => line.Split(',')).ToArray();
        return (
            [.. lines.SelectMany(cells => cells[..Columns]).Select(cell => cell.Length == 0 ? float.NaN : float.Parse(cell, CultureInfo.InvariantCulture))],
            [.. lines.Select(cells => double.Parse(cells[Columns], CultureInfo.InvariantCulture))]);
    }
}
