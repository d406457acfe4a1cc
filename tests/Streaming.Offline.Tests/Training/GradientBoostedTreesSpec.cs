using Streaming.Offline.Training;
using Streaming.Offline.Training.LightGbm;

namespace Streaming.Offline.Tests.Training;

public class GradientBoostedTreesSpec
{
    private static readonly BoostingOptions s_options = new() { Rounds = 30, NumThreads = 1, MinDataInLeaf = 20 };
    private static readonly TrainingSet s_set = Rows.Random(seed: 1, rows: 8_000);
    private static readonly GradientBoostedTrees s_model = GradientBoostedTrees.Train(s_set, s_options);

    [Fact]
    public void Our_evaluation_is_LightGBMs_bit_for_bit_also_for_missing_and_infinite_values()
    {
        var rows = Rows.Random(seed: 2, rows: 5_000).Features;
        var random = new Random(3);
        float[] special = [float.NaN, float.PositiveInfinity, float.NegativeInfinity, 0, -0f, float.Epsilon, 1e-36f, float.MaxValue];
        for (var i = 0; i < rows.Length; i += random.Next(1, 9))
        {
            rows[i] = special[random.Next(special.Length)];
        }

        using var trained = LightGbmBooster.Load(s_model.ModelText, Rows.Names.Length);
        var raw = trained.Predict(rows, raw: true);
        var probabilities = trained.Predict(rows, raw: false);
        for (var row = 0; row < raw.Length; row++)
        {
            var features = rows.AsSpan(row * Rows.Names.Length, Rows.Names.Length);
            Assert.Equal(raw[row], s_model.Raw(features));
            Assert.Equal(probabilities[row], s_model.Predict(features), 1e-15);
        }
    }

    [Fact]
    public void It_learns_the_rule() => Assert.True(
        RankingMetrics.AucRoc(Rows.Random(seed: 4, rows: 4_000).Labels, s_model.Predict(Rows.Random(seed: 4, rows: 4_000))) > 0.85);

    [Fact]
    public void The_same_rows_and_options_give_the_same_model_whatever_the_threads()
    {
        Assert.Equal(s_model.ModelText, GradientBoostedTrees.Train(s_set, s_options).ModelText);
        var two = GradientBoostedTrees.Train(s_set, s_options with { NumThreads = 2 });
        Assert.Equal(s_model.Predict(s_set), two.Predict(s_set));
    }

    [Fact]
    public void Training_values_tell_missing_from_zero()
    {
        var splits = s_model.Trees.SelectMany(tree => tree.Splits).ToArray();
        Assert.Contains(splits, split => split is { Feature: 3, Missing: MissingValues.NaNIsMissing });
        Assert.All(splits.Where(split => split.Feature != 3), split => Assert.Equal(MissingValues.AsZero, split.Missing));
    }

    [Fact]
    public void The_feature_that_decides_gains_most()
    {
        var gains = s_model.GainByFeature();
        Assert.Equal(0, Array.IndexOf(gains, gains.Max()));
    }

    [Fact]
    public void Training_can_be_cancelled() =>
        Assert.Throws<OperationCanceledException>(() => GradientBoostedTrees.Train(s_set, s_options, new CancellationToken(canceled: true)));

    [Theory]
    [InlineData("objective=binary", "objective=regression", "objective 'regression'")]
    [InlineData("max_feature_idx=4", "max_feature_idx=5", "reads 6 features")]
    [InlineData("num_cat=0", "num_cat=1", "categorical")]
    [InlineData("left_child=", "left_child=99 ", "needs")]
    [InlineData("end of trees", "", "cut short")]
    public void A_text_that_is_not_understood_is_told(string part, string instead, string message)
    {
        var text = s_model.ModelText.Replace(part, instead, StringComparison.Ordinal);
        var error = Assert.Throws<FormatException>(() => GradientBoostedTrees.Parse(text, Rows.Names));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LightGBMs_own_reason_is_passed_on() =>
        Assert.Contains("model text", Assert.Throws<LightGbmException>(() => LightGbmBooster.Load("tree\nnonsense", 1)).Message, StringComparison.Ordinal);
}
