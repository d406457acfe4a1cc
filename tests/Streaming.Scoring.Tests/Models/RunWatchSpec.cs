using Streaming.Scoring.Models;

namespace Streaming.Scoring.Tests.Models;

/// <summary>Models with loops that do not end (Brought/README.md): each run of them has a bound.</summary>
public sealed class RunWatchSpec
{
    private const int Columns = 4;
    private static readonly TimeSpan s_limit = TimeSpan.FromMilliseconds(200);
    private static readonly float[] s_good = [2, 0, 0, 0];
    private static readonly float[] s_endless = [2_000, 0, 0, 0];

    [Fact]
    public void A_file_that_answers_no_row_is_refused_in_time_with_its_name()
    {
        var error = Assert.Throws<ModelException>(() => OnnxModel.Load(File("endless"), default, null, s_limit));
        Assert.Contains("endless.onnx: it did not answer within 0.2 s and was stopped", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_row_that_is_not_answered_is_stopped_and_the_next_one_is_answered_again()
    {
        using var model = OnnxModel.Load(File("endless_above_1000"), default, null, s_limit);
        float[] batch = [.. s_good, .. s_endless];
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(0.8808, model.Score(s_good), 1e-4);
            Assert.Throws<ModelException>(() => model.Score(s_endless));
            Assert.Throws<ModelException>(() => model.Score(batch, batch.Length / Columns, new float[2]));
        }
    }

    [Fact]
    public async Task Stopping_one_run_leaves_those_beside_it_alone()
    {
        using var model = OnnxModel.Load(File("endless_above_1000"), default, null, s_limit);
        var endless = Task.Run(() => Assert.Throws<ModelException>(() => model.Score(s_endless)));
        var beside = Task.Run(() =>
        {
            do
            {
                Assert.Equal(0.8808, model.Score(s_good), 1e-4);
            }
            while (!endless.IsCompleted);
        });
        await Task.WhenAll(endless, beside);
    }

    [Fact]
    public void The_scorer_answers_by_the_fallback_and_says_why()
    {
        var catalog = Samples.Catalog();
        using var model = OnnxScoringModel.Load(
            File("endless_above_1000"), catalog.FindService("fraud")!.FeatureNames, null, s_limit);
        using var scorer = new Scorer(Samples.Model(catalog), catalog.FindService("fraud")!, model);
        Assert.False(scorer.Score(s_good).IsFallback);
        Assert.True(scorer.Score(s_endless).IsFallback);
        Assert.Contains("it did not answer within 0.2 s", scorer.Fault, StringComparison.Ordinal);
    }

    private static string File(string name) =>
        Path.Combine(RepositoryRoot.Path, "tests", "Streaming.Scoring.Tests", "Models", "Brought", name + ".onnx");
}
