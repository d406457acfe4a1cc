using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Streaming.Scoring.Contributions;
using Streaming.Scoring.Definitions;
using Streaming.Scoring.Requests;
using Streaming.Scoring.Turns;

namespace Streaming.Scoring.Tests.Turns;

/// <summary>The member "explanation" of an answer.</summary>
public sealed class ExplanationSpec : IDisposable
{
    private static readonly byte[] s_body = """{"card_id":"card_1","amount":250}"""u8.ToArray();
    private readonly OneCardStore _store = new(Samples.Catalog());
    private readonly ExplainedModel _model = new();
    private readonly List<Scorer> _scorers = [];

    public void Dispose() => _scorers.ForEach(scorer => scorer.Dispose());

    [Fact]
    public void The_largest_contributions_come_first_with_code_value_and_text_and_all_add_up_to_the_margin()
    {
        using var turn = Turns(top: 0).Begin();
        turn.Explain = 2;
        var explanation = Explain(turn)!;
        Assert.Equal(("linear", "log_odds", 0.5), ((string?)explanation["method"], (string?)explanation["unit"], (double)explanation["base"]!));
        var first = explanation["contributions"]![0]!;
        Assert.Equal(
            ("A01", "request.amount", 250.0, -2.5, "the amount"),
            ((string?)first["code"], (string?)first["feature"], (double)first["value"]!, (double)first["contribution"]!, (string?)first["text"]));
        var second = explanation["contributions"]![1]!;
        Assert.Equal("card_activity.amount_avg_1d", (string?)second["code"]);
        Assert.Equal((string?)second["code"], (string?)second["text"]);
        Assert.Equal(2, explanation["contributions"]!.AsArray().Count);
        var told = explanation["contributions"]!.AsArray().Sum(each => (double)each!["contribution"]!);
        Assert.Equal((double)explanation["margin"]!, 0.5 + told + (double)explanation["others"]!, 1e-12);
        Assert.NotEqual(0, (double)explanation["others"]!);
    }

    [Theory]
    [InlineData(0, null)]
    [InlineData(1, 1)]
    public void What_the_model_declares_is_the_standard_of_each_request(int top, int? count)
    {
        var turns = Turns(top);
        using (var asked = turns.Begin())
        {
            asked.Explain = 3;
            Assert.Equal(3, Explain(asked)!["contributions"]!.AsArray().Count);
        }

        using var turn = turns.Begin();
        Assert.Equal(count, Explain(turn)?["contributions"]!.AsArray().Count);
    }

    [Fact]
    public void A_fallback_is_not_explained()
    {
        _model.Answer = float.NaN;
        using var turn = Turns(top: 3).Begin();
        Assert.Null(Explain(turn));
    }

    [Fact]
    public void An_explained_answer_allocates_nothing()
    {
        using var turn = Turns(top: 3).Begin();
        Allocations.AssertNone(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                turn.Try(s_body);
            }
        });
    }

    private static JsonNode? Explain(ScoreTurn turn)
    {
        Assert.Equal(TurnOutcome.Answered, turn.Try(s_body));
        return JsonNode.Parse(turn.Answer)!["explanation"];
    }

    private ScoreTurns Turns(int top)
    {
        _store.Pay(40);
        var catalog = Samples.Catalog();
        var texts = ExplainRules.None.Texts.Add("request.amount", new FeatureText("A01", "the amount"));
        var definition = Samples.Model(catalog) with { Explain = new ExplainRules(top, texts) };
        var scorer = new Scorer(definition, catalog.FindService("fraud")!, _model);
        _scorers.Add(scorer);
        return new(
            _store,
            scorer,
            RequestSchema.For(scorer.Service, scorer.Definition.Request),
            TimeSpan.FromMinutes(10),
            new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(_store.NewestEventTime.Millis)),
            new NoObserver(),
            log: null);
    }

    private sealed class NoObserver : IScoreObserver
    {
        public void Scored(ReadOnlySpan<byte> name, long atMillis, ReadOnlySpan<float> vector, in ScoreResult result, TimeSpan latency)
        {
            // Nobody looks.
        }
    }

    private sealed class ExplainedModel : IScoringModel
    {
        public string Version => "test";

        public float Answer { get; set; } = 0.9f;

        public ScoreContributions? Contributions { get; } = new LinearContributions(
            [new(0, -0.01, 0), new(1, 0.001, 0), new(2, 0.01, 0), new(3, 0.001, 0)], 0.5, ContributionUnit.LogOdds);

        public float Score(ReadOnlySpan<float> features) => Answer;
    }
}
