using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Streaming.Features.Plans;
using Streaming.Hocon;
using Streaming.Scoring.Definitions;
using Streaming.Scoring.Serving;
using Streaming.Scoring.Tests.Turns;
using Streaming.Scoring.Turns;

namespace Streaming.Scoring.Tests.Serving;

/// <summary>What challengers see and answer beside their champion.</summary>
public sealed class ChallengerSpec : IDisposable
{
    private readonly FeatureCatalog _catalog = Samples.Catalog();
    private readonly OneCardStore _store;
    private readonly RecordingModel _champion = new(0.1f);
    private readonly RecordingModel _challenger = new(0.9f);
    private readonly Dictionary<string, int> _noted = [];
    private readonly List<ModelSlots> _slots = [];

    public ChallengerSpec() => _store = new OneCardStore(_catalog);

    public void Dispose() => _slots.ForEach(slots => slots.Dispose());

    [Fact]
    public async Task A_challenger_scores_beside_with_what_the_champion_was_given()
    {
        var slots = SlotsOf(sample: 1, canary: 0);
        _store.Pay(40);
        Assert.Equal("fraud@test", Ask(slots, "card_1"));
        Assert.Empty(_challenger.Last);
        await ScoreWaitingAsync(slots);
        Assert.Equal(_champion.Last, _challenger.Last);
        var counts = slots.Find("next")!.Active.Shadow;
        Assert.Equal((1, 0, 1), (counts.Compared, counts.Agreed, counts.Pairs(Decision.Approve, Decision.Decline)));
        Assert.Equal(0.8, counts.MeanDifference, 6);
        Assert.Equal(new Dictionary<string, int> { ["fraud"] = 1 }, _noted);
    }

    [Fact]
    public async Task A_challenger_that_fails_is_counted_and_costs_no_answer()
    {
        var slots = SlotsOf(sample: 1, canary: 0);
        _challenger.Failure = new InvalidOperationException("no");
        Assert.Equal("fraud@test", Ask(slots, "card_1"));
        await ScoreWaitingAsync(slots);
        var counts = slots.Find("next")!.Active.Shadow;
        Assert.Equal((0, 1), (counts.Compared, counts.Failed));
    }

    [Fact]
    public void What_the_queue_does_not_take_is_dropped_and_counted()
    {
        var slots = SlotsOf(sample: 1, canary: 0, queue: 2);
        foreach (var i in Enumerable.Range(0, 5))
        {
            Assert.Equal("fraud@test", Ask(slots, $"card_{i}"));
        }

        Assert.Equal((2, 3), (slots.Shadow.Waiting, slots.Champion.Challengers[0].Dropped));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.25)]
    public void A_sample_is_a_share_of_the_answers(double sample)
    {
        var slots = SlotsOf(sample, canary: 0, queue: 4000);
        foreach (var i in Enumerable.Range(0, 4000))
        {
            Ask(slots, $"card_{i}");
        }

        Assert.InRange(slots.Shadow.Waiting, (int)(4000 * sample * 0.8), (int)(4000 * sample * 1.2));
    }

    [Fact]
    public void A_canary_answers_its_share_of_the_entities_and_always_the_same_ones()
    {
        var slots = SlotsOf(sample: 1, canary: 0.25, queue: 100_000);
        var first = Enumerable.Range(0, 4000).Select(i => Ask(slots, $"card_{i}")).ToArray();
        Assert.InRange(first.Count(id => id == "next@test"), 880, 1120);
        Assert.Equal(first, Enumerable.Range(0, 4000).Select(i => Ask(slots, $"card_{i}")));
        Assert.Equal(2 * first.Count(id => id == "next@test"), _noted["next"]);
        Assert.Equal(2 * first.Count(id => id == "fraud@test"), slots.Shadow.Waiting);
    }

    /// <summary>Others may compute it: https://xxhash.com, XXH3_64bits of "card_1", its upper 53 bits.</summary>
    [Fact]
    public void The_place_of_an_entity_does_not_change() =>
        Assert.Equal(2_015_125_913_782_892UL, Challenger.PlaceOf("card_1"u8));

    [Fact]
    public void Canaries_of_one_champion_share_no_entity()
    {
        var definitions = Definitions("""
            model a { SAME, challenger-of = fraud, canary = 0.5 }
            model b { SAME, challenger-of = fraud, canary = 0.5 }
            """);
        var scorers = definitions.Select(definition => new Scorer(definition, _catalog.FindService("fraud")!, _champion)).ToArray();
        var slots = Keep(new ModelSlots(scorers[0], scorers[1..], TurnsOf, new FakeTimeProvider()));
        var ids = Enumerable.Range(0, 1000).Select(i => Ask(slots, $"card_{i}")).ToArray();
        Assert.DoesNotContain("fraud@test", ids);
        Assert.InRange(ids.Count(id => id == "a@test"), 420, 580);
    }

    [Fact]
    public void A_swapped_champion_keeps_its_challengers_and_a_swapped_challenger_its_shares()
    {
        var slots = SlotsOf(sample: 1, canary: 0.5, queue: 10_000);
        Assert.IsType<SwapResult.Swapped>(slots.Swap(new Scorer(slots.Champion.Definition, _catalog.FindService("fraud")!, new VersionedModel(1))));
        Assert.IsType<SwapResult.Swapped>(slots.Swap(new Scorer(slots.Find("next")!.Definition, _catalog.FindService("fraud")!, new VersionedModel(2))));
        var ids = Enumerable.Range(0, 100).Select(i => Ask(slots, $"card_{i}")).ToArray();
        Assert.Equal(["fraud@v1", "next@v2"], ids.Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(ids.Count(id => id == "fraud@v1"), slots.Shadow.Waiting);
    }

    [Theory]
    [InlineData("model next { SAME, challenger-of = fruad }", "MD030", "fraud")]
    [InlineData("model next { SAME, challenger-of = next }", "MD032", "remove one")]
    [InlineData("model next { SAME, challenger-of = fraud, request { required = [amount] } }", "MD033", "remove \"request\"")]
    [InlineData("model next { SAME, challenger-of = fraud, sample = 1.5 }", "MD034", "sample")]
    [InlineData("model a { SAME, challenger-of = fraud, canary = 0.6 }\nmodel b { SAME, challenger-of = fraud, canary = 0.6 }", "MD035", "1.2")]
    [InlineData("model next { SAME, canary = 0.6 }", "MD036", "challenger-of")]
    [InlineData("model next { OTHER, challenger-of = fraud }", "MD031", "make the services equal")]
    public void A_challenger_that_cannot_be_is_refused(string text, string code, string detail)
    {
        var diagnostic = Assert.Single(Parse(text).Diagnostics);
        Assert.Equal(code, diagnostic.Code);
        Assert.Contains(detail, diagnostic.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_challenger_has_the_request_rules_of_its_champion()
    {
        var models = Definitions("model next { SAME, challenger-of = fraud, sample = 0.1, canary = 0.05 }");
        Assert.Equal(models[0].Request, models[1].Request);
        Assert.Equal(("fraud", 0.1, 0.05), (models[1].Challenge!.Of, models[1].Challenge!.Sample, models[1].Challenge!.Canary));
    }

    private static async Task ScoreWaitingAsync(ModelSlots slots)
    {
        using var stop = new CancellationTokenSource();
        var running = slots.Shadow.RunAsync(stop.Token);
        await Eventually.TrueAsync("nothing waits", () => Task.FromResult(slots.Shadow.Waiting == 0));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private ModelSlots SlotsOf(double sample, double canary, int queue = 1000)
    {
        var text = FormattableString.Invariant($"model next {{ SAME, challenger-of = fraud, sample = {sample}, canary = {canary} }}");
        var (definitions, service) = (Definitions(text), _catalog.FindService("fraud")!);
        return Keep(new ModelSlots(
            new Scorer(definitions[0], service, _champion), [new Scorer(definitions[1], service, _challenger)], TurnsOf, new FakeTimeProvider(), queue));
    }

    private ModelSlots Keep(ModelSlots slots)
    {
        _slots.Add(slots);
        return slots;
    }

    private static ModelDefinition[] Definitions(string more)
    {
        var (models, diagnostics) = Parse(more);
        Assert.Empty(diagnostics);
        return models;
    }

    private static (ModelDefinition[] Models, Diagnostic[] Diagnostics) Parse(string more)
    {
        var (catalog, _) = FeatureCatalog.Compile([("features.conf", Samples.Features + "\n" + OtherService)], [Samples.Transactions, Samples.Labels]);
        const string same = "file = \"x.onnx\", thresholds { review = 0.3, decline = 0.8 }, fallback { score = 0.5, decision = review }";
        var text = more.Replace("SAME", "service = fraud, " + same, StringComparison.Ordinal).Replace("OTHER", "service = other, " + same, StringComparison.Ordinal);
        var (models, diagnostics) = ModelDefinitions.Parse([("models.conf", Samples.Models + "\n" + text)], catalog!);
        return ([.. models], [.. diagnostics]);
    }

    private const string OtherService = "feature-service other { request = transactions, features = [request.amount] }";

    private ScoreTurns TurnsOf(ServedModel served) => new(
        _store, served.Scorer, served.Schema, TimeSpan.FromMinutes(10), TimeProvider.System, new Noting(served, _noted), log: null);

    private static string Ask(ModelSlots slots, string card)
    {
        using var turn = slots.Champion.Begin();
        Assert.Equal(TurnOutcome.Answered, turn.Try(Encoding.UTF8.GetBytes($$"""{"card_id":"{{card}}","amount":250}""")));
        turn.Note();
        return (string)JsonNode.Parse(turn.Answer)!["model"]!;
    }

    private sealed class Noting(ServedModel served, Dictionary<string, int> noted) : IScoreObserver
    {
        public void Scored(ReadOnlySpan<byte> name, long atMillis, ReadOnlySpan<float> vector, in ScoreResult result, TimeSpan latency)
        {
            var model = served.Scorer.Definition.Name;
            noted[model] = noted.GetValueOrDefault(model) + 1;
        }
    }
}
