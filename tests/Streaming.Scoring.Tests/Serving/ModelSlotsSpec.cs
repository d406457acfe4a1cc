using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Streaming.Features.Plans;
using Streaming.Features.State;
using Streaming.Scoring.Definitions;
using Streaming.Scoring.Serving;
using Streaming.Scoring.Tests.Turns;
using Streaming.Scoring.Turns;

namespace Streaming.Scoring.Tests.Serving;

/// <summary>Models by name, and what a swap does to requests under way.</summary>
public sealed class ModelSlotsSpec : IDisposable
{
    private static readonly byte[] s_body = """{"card_id":"card_1","amount":250}"""u8.ToArray();
    private readonly FeatureCatalog _catalog = Samples.Catalog();
    private readonly ModelDefinition _definition;
    private readonly OneCardStore _store;
    private readonly ConcurrentBag<(string Version, double Score)> _noted = [];
    private readonly VersionedModel _first = new(1);
    private readonly ModelSlots _slots;

    public ModelSlotsSpec()
    {
        _definition = Samples.Model(_catalog);
        _store = new OneCardStore(_catalog);
        _slots = new ModelSlots(Version(_first, 1), [Version(new VersionedModel(7), 7, "other")], TurnsOf, new FakeTimeProvider());
    }

    public void Dispose() => _slots.Dispose();

    [Fact]
    public void Each_model_answers_by_its_name_and_the_champion_is_the_first()
    {
        Assert.Equal(["fraud", "other"], _slots.All.Select(slot => slot.Name));
        Assert.Equal("fraud", _slots.Champion.Name);
        Assert.Equal("other@v7", (string?)Ask(_slots.Find("other")!)["model"]);
        Assert.Null(_slots.Find("third"));
    }

    /// <summary>Every version has its own score, thresholds and number: what does not belong together is seen.</summary>
    [Fact]
    public async Task Swaps_under_load_lose_no_request_and_mix_no_answer()
    {
        const int swaps = 200;
        using var ended = new CancellationTokenSource();
        var answers = new ConcurrentBag<(string? Model, float Score, string? Decision, bool Fallback)>();
        var askers = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                do
                {
                    var answer = Ask(_slots.Champion);
                    answers.Add(((string?)answer["model"], (float)answer["score"]!, (string?)answer["decision"], (bool)answer["fallback"]!));
                }
                while (!ended.IsCancellationRequested);
            },
            TaskCreationOptions.LongRunning)).ToArray();
        for (var i = 2; i <= swaps; i++)
        {
            var before = answers.Count;
            Assert.IsType<SwapResult.Swapped>(_slots.Swap(Version(new VersionedModel(i % 100), i % 100)));
            while (answers.Count == before && !askers.Any(asker => asker.IsCompleted))
            {
                await Task.Yield();
            }
        }

        await ended.CancelAsync();
        await Task.WhenAll(askers);
        Assert.All(answers, answer => Assert.Equal(Expected(answer.Model), answer));
        Assert.True(answers.Select(answer => answer.Model).Distinct().Count() > 1, "no swap happened while requests were asked");
        Assert.All(_noted, noted => Assert.Equal(ScoreOf(noted.Version), (float)noted.Score));
        Assert.Equal(answers.Count, _noted.Count);
    }

    [Fact]
    public void A_version_is_disposed_of_when_its_last_request_has_ended()
    {
        using (var turn = _slots.Champion.Begin())
        {
            Assert.Equal(new SwapResult.Swapped("fraud@v1", "fraud@v2"), _slots.Swap(Version(new VersionedModel(2), 2)));
            Assert.False(_first.IsDisposed);
            Assert.Equal(TurnOutcome.Answered, turn.Try(s_body));
            Assert.Equal("fraud@v1", (string?)JsonNode.Parse(turn.Answer)!["model"]);
        }

        Assert.True(_first.IsDisposed);
        Assert.Equal("fraud@v2", (string?)Ask(_slots.Champion)["model"]);
    }

    [Fact]
    public async Task A_request_that_waits_for_an_entity_ends_with_the_version_that_it_began_with()
    {
        var asked = new TaskCompletionSource();
        (_store.AtOnce, _store.Asked) = (ReadOutcome.NotHere, () => asked.Task);
        using var turn = _slots.Champion.Begin();
        Assert.Equal(TurnOutcome.Unread, turn.Try(s_body));
        var answering = turn.AskAsync(CancellationToken.None);
        _slots.Swap(Version(new VersionedModel(2), 2));
        asked.SetResult();
        Assert.Equal(TurnOutcome.Answered, await answering);
        var answer = JsonNode.Parse(turn.Answer)!;
        Assert.Equal(("fraud@v1", false), ((string?)answer["model"], (bool)answer["fallback"]!));
    }

    [Fact]
    public async Task A_request_whose_entity_never_answers_does_not_keep_its_version_for_ever()
    {
        (_store.AtOnce, _store.Asked) = (ReadOutcome.NotHere, () => Task.FromException(new TimeoutException()));
        using (var turn = _slots.Champion.Begin())
        {
            turn.Try(s_body);
            Assert.Equal(TurnOutcome.Answered, await turn.AskAsync(CancellationToken.None));
            _slots.Swap(Version(new VersionedModel(2), 2));
            Assert.False(_first.IsDisposed);
        }

        Assert.True(_first.IsDisposed);
    }

    [Fact]
    public void A_version_for_other_definitions_is_refused_and_disposed_of()
    {
        var (catalog, model) = (Samples.Catalog(Samples.Features.Replace("default = 7", "default = 8", StringComparison.Ordinal)), new VersionedModel(2));
        var other = new Scorer(_definition, catalog.FindService("fraud")!, model);
        var refused = Assert.IsType<SwapResult.Refused>(_slots.Swap(other));
        Assert.Contains("fingerprint", refused.Reason, StringComparison.Ordinal);
        Assert.Contains(other.Service.Fingerprint, refused.Reason, StringComparison.Ordinal);
        Assert.True(model.IsDisposed);
        Assert.Equal("fraud@v1", (string?)Ask(_slots.Champion)["model"]);
    }

    [Fact]
    public void A_fingerprint_that_is_given_must_be_the_services()
    {
        var refused = Assert.IsType<SwapResult.Refused>(_slots.Swap("fraud", "/nowhere/fraud.onnx", "0123"));
        Assert.Contains("0123", refused.Reason, StringComparison.Ordinal);
        var fingerprint = _slots.Champion.Active.Scorer.Service.Fingerprint;
        var missing = Assert.IsType<SwapResult.Refused>(_slots.Swap("fraud", "/nowhere/fraud.onnx", fingerprint));
        Assert.Contains("there is no such file", missing.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_version_that_cannot_answer_is_refused()
    {
        var broken = new VersionedModel(2);
        broken.Dispose();
        Assert.IsType<SwapResult.Refused>(_slots.Swap(Version(broken, 2)));
        Assert.Equal(("fraud@v1", 0L), ((string?)Ask(_slots.Champion)["model"], _slots.Champion.Swaps));
    }

    [Fact]
    public void A_model_that_there_is_not_cannot_be_swapped() =>
        Assert.Equal(["fraud", "other"], Assert.IsType<SwapResult.UnknownModel>(_slots.Swap("third", "x.onnx")).Known);

    private static (string? Model, float Score, string? Decision, bool Fallback) Expected(string? model)
    {
        var score = ScoreOf(model!);
        return (model, score, score == 0 ? "review" : "decline", false);
    }

    private static float ScoreOf(string model) => int.Parse(model[(model.IndexOf('v', StringComparison.Ordinal) + 1)..], null) / 100f;

    /// <summary>The decline threshold is the version's own score, so that each declines by its own thresholds, and would not by the next.</summary>
    private Scorer Version(VersionedModel model, int number, string name = "fraud") => new(
        _definition with { Name = name, Thresholds = new(0, number == 0 ? 1 : number / 100f) }, _catalog.FindService("fraud")!, model);

    private ScoreTurns TurnsOf(ServedModel served) => new(
        _store, served.Scorer, served.Schema, TimeSpan.FromMinutes(10), TimeProvider.System, new Noting(served, _noted), log: null);

    private static JsonNode Ask(ModelSlot slot)
    {
        using var turn = slot.Begin();
        Assert.Equal(TurnOutcome.Answered, turn.Try(s_body));
        turn.Note();
        return JsonNode.Parse(turn.Answer)!;
    }

    private sealed class Noting(ServedModel served, ConcurrentBag<(string Version, double Score)> noted) : IScoreObserver
    {
        public void Scored(ReadOnlySpan<byte> name, long atMillis, ReadOnlySpan<float> vector, in ScoreResult result, TimeSpan latency) =>
            noted.Add((served.Scorer.ModelId, result.Score));
    }
}
