using Streaming.Scoring.Definitions;

namespace Streaming.Scoring.Tests;

/// <summary>What is answered in place of a model, by the request alone.</summary>
public sealed class FallbackRulesSpec
{
    private const string Rules = """
        rules {
          huge { when = "request.amount > 5000", score = 0.99, decision = decline }
          high { when = "request.amount > 500", score = 0.7, decision = review }
          home { when = "request.country == 'FR'", score = 0.1, decision = approve }
        }
        """;

    [Theory]
    [InlineData(6000, 0.99, Decision.Decline)]
    [InlineData(501, 0.7, Decision.Review)]
    [InlineData(500, 0.5, Decision.Review)]
    public void The_first_rule_that_holds_answers_and_else_the_fallback(double amount, double score, Decision decision)
    {
        var (models, diagnostics) = Parse(Rules);
        Assert.Empty(diagnostics);
        using var scorer = new Scorer(models[0], Samples.Catalog().FindService("fraud")!, model: null, "no file");
        var expected = new ScoreResult(score, decision, 0, IsFallback: true) { Cause = FallbackCause.Budget };
        Assert.Equal(expected, scorer.FallBack(Samples.Event(amount), 0, FallbackCause.Budget));
    }

    [Theory]
    [InlineData("rules { a { when = \"card_activity.tx_count_1d > 1\", score = 1, decision = review } }", "card_activity")]
    [InlineData("rules { a { when = \"request.amount\", score = 1, decision = review } }", "a condition is given a number")]
    [InlineData("rules { a { score = 1, decision = review } }", "when")]
    [InlineData("rules { a { when = \"request.amount > 1\", score = 1.5, decision = review } }", "from 0 to 1")]
    [InlineData("rules { a { when = \"request.amount > 1\", score = 1, decision = refuse } }", "approve, review or decline")]
    [InlineData("rules { a { when = \"request.amount > 1\", decision = review } }", "score")]
    [InlineData("rules { a = 1 }", "when =")]
    [InlineData("rules { a { wen = \"request.amount > 1\", when = \"request.amount > 1\", score = 1, decision = review } }", "wen")]
    [InlineData("ruls { }", "rules")]
    public void A_rule_that_cannot_be_is_refused(string rules, string detail) =>
        Assert.Contains(detail, Assert.Single(Parse(rules).Diagnostics).Message, StringComparison.Ordinal);

    private static (IReadOnlyList<ModelDefinition> Models, IReadOnlyList<Hocon.Diagnostic> Diagnostics) Parse(string rules)
    {
        var text = Samples.Models.Replace("decision = review }", $"decision = review, {rules} }}", StringComparison.Ordinal);
        var (models, diagnostics) = ModelDefinitions.Parse([("models.conf", text)], Samples.Catalog());
        return (models, diagnostics);
    }
}
