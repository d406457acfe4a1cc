using Streaming.Features.Plans;
using Streaming.Scoring.Definitions;

namespace Streaming.Scoring.Tests;

public sealed class ScorerSpec
{
    private static readonly FeatureValue[] s_values = [Present(5), Present(40), Absent];

    [Theory]
    [InlineData(0.29999, Decision.Approve)]
    [InlineData(0.3, Decision.Review)]
    [InlineData(0.79999, Decision.Review)]
    [InlineData(0.8, Decision.Decline)]
    public void A_threshold_belongs_to_the_decision_that_it_starts(double score, Decision decision) =>
        Assert.Equal(decision, new Thresholds(0.3, 0.8).Decide(score));

    [Fact]
    public void The_model_is_given_the_services_vector_with_unknown_as_nan()
    {
        var model = new RecordingModel(0.1f);
        Score(model, s_values);
        Assert.Equal([250f, 5f, 40f, float.NaN], model.Last);
    }

    [Fact]
    public void A_declared_default_stands_for_an_absent_value()
    {
        var model = new RecordingModel(0.1f);
        Score(model, [Present(5), Absent, Absent]);
        Assert.Equal(7f, model.Last[2]);
    }

    [Theory]
    [InlineData(0.1f, 0UL)]
    [InlineData(0.5f, 0b01UL)]
    [InlineData(0.9f, 0b01UL)]
    public void Reasons_are_the_rules_that_hold_unless_the_decision_is_approve(float score, ulong reasons) =>
        Assert.Equal(reasons, Score(new RecordingModel(score), s_values).Reasons);

    [Fact]
    public void A_rule_about_an_unknown_value_does_not_hold() =>
        Assert.Equal(0b01UL, Score(new RecordingModel(0.9f), [Present(5), Present(40), Absent]).Reasons);

    [Theory]
    [InlineData(float.NaN, "answered no number")]
    [InlineData(1.5f, "outside 0 to 1")]
    [InlineData(-0.1f, "outside 0 to 1")]
    public void An_answer_that_is_no_score_gives_the_fallback_and_says_so(float answer, string fault)
    {
        using var scorer = Samples.Scorer(new RecordingModel(answer));
        Assert.Equal(new ScoreResult(0.5, Decision.Review, 0b01, IsFallback: true) { Cause = FallbackCause.ModelFailed }, Score(scorer, s_values));
        Assert.Contains(fault, scorer.Fault, StringComparison.Ordinal);
        Assert.Equal(1, scorer.Fallbacks);
    }

    [Fact]
    public void A_model_that_throws_gives_the_fallback_and_says_so()
    {
        using var scorer = Samples.Scorer(new RecordingModel(0) { Failure = new InvalidOperationException("the session is gone") });
        Assert.True(Score(scorer, s_values).IsFallback);
        Assert.Equal("the session is gone", scorer.Fault);
    }

    [Fact]
    public void A_model_that_answers_again_has_no_fault()
    {
        var model = new RecordingModel(0.1f) { Failure = new InvalidOperationException("busy") };
        using var scorer = Samples.Scorer(model);
        Score(scorer, s_values);
        model.Failure = null;
        Score(scorer, s_values);
        Assert.Equal((null, 1), (scorer.Fault, scorer.Fallbacks));
    }

    [Fact]
    public void A_model_file_that_is_not_there_gives_the_fallback_and_says_so()
    {
        var catalog = Samples.Catalog();
        using var scorer = Scorer.Load(Samples.Model(catalog) with { File = "/nowhere/fraud.onnx" }, catalog);
        Assert.True(Score(scorer, s_values).IsFallback);
        Assert.Contains("/nowhere/fraud.onnx", scorer.Fault, StringComparison.Ordinal);
        Assert.Equal("fraud", scorer.ModelId);
    }

    [Fact]
    public void Scoring_allocates_nothing()
    {
        using var scorer = Samples.Scorer(new RecordingModel(0.9f) { Keeps = false });
        var (request, vector) = (Samples.Event(250), new float[4]);
        Allocations.AssertNone(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                scorer.Score(request, 0, s_values, vector);
            }
        });
    }

    private static FeatureValue Absent => new(double.NaN, null, FeatureStatus.Absent, long.MinValue);

    private static FeatureValue Present(double number) => new(number, null, FeatureStatus.Present, 0);

    private static ScoreResult Score(RecordingModel model, FeatureValue[] values)
    {
        using var scorer = Samples.Scorer(model);
        return Score(scorer, values);
    }

    private static ScoreResult Score(Scorer scorer, FeatureValue[] values) => scorer.Score(Samples.Event(250), 0, values, new float[4]);
}
