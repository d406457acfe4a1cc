using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using Streaming.Features.Serving;
using Streaming.Features.State;
using Streaming.Scoring.Circuits;
using Streaming.Scoring.Requests;
using Streaming.Scoring.Turns;

namespace Streaming.Scoring.Tests.Turns;

/// <summary>Every outcome of a turn, without HTTP.</summary>
public sealed class ScoreTurnSpec : IDisposable
{
    private static readonly byte[] s_body = """{"card_id":"card_1","amount":250}"""u8.ToArray();
    private readonly OneCardStore _store = new(Samples.Catalog());
    private readonly RecordingModel _model = new(0.9f) { Keeps = false };
    private readonly CountingObserver _observer = new();
    private readonly Scorer _scorer;
    private readonly DrawingSampler _sampler;
    private readonly FakeTimeProvider _clock;
    private readonly ScoreTurns _turns;

    public ScoreTurnSpec()
    {
        _scorer = Samples.Scorer(_model);
        _sampler = new DrawingSampler(_store);
        _clock = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(_store.NewestEventTime.Millis));
        _turns = new(
            _store,
            _scorer,
            RequestSchema.For(_scorer.Service, _scorer.Definition.Request),
            TimeSpan.FromMinutes(10),
            _clock,
            _observer,
            log: null,
            _sampler);
    }

    public void Dispose() => _scorer.Dispose();

    [Fact]
    public void A_request_whose_entities_are_at_hand_is_answered_at_once_and_counted_when_noted()
    {
        _store.Pay(40);
        using var turn = _turns.Begin();
        Assert.Equal(TurnOutcome.Answered, turn.Try(s_body));
        var answer = JsonNode.Parse(turn.Answer)!;
        Assert.Equal(("card_1", 0.9f, "decline"), ((string?)answer["card_id"], (float)answer["score"]!, (string?)answer["decision"]));
        Assert.False((bool)answer["fallback"]!);
        Assert.Equal(_store.NewestEventTime, turn.At);
        Assert.Empty(_observer.Seen);

        turn.Note();
        Assert.Equal([("card_1", new ScoreResult(0.9f, Decision.Decline, 0b11, IsFallback: false))], _observer.Seen);
    }

    [Fact]
    public async Task Entities_that_are_not_at_hand_are_unread_until_they_are_asked()
    {
        _store.AtOnce = ReadOutcome.NotHere;
        using var turn = _turns.Begin();
        Assert.Equal(TurnOutcome.Unread, turn.Try(s_body));
        Assert.Equal(0, turn.Answer.Length);
        Assert.Equal(TurnOutcome.Answered, await turn.AskAsync(CancellationToken.None));
        Assert.NotEqual(0, turn.Answer.Length);
    }

    [Fact]
    public void A_contended_read_is_tried_again_before_the_entity_is_asked()
    {
        _store.AtOnce = ReadOutcome.Contended;
        using var turn = _turns.Begin();
        Assert.Equal(TurnOutcome.Unread, turn.Try(s_body));
        Assert.Equal(4, _store.AtOnceReads);
    }

    [Fact]
    public async Task An_entity_that_does_not_answer_gives_the_fallback_and_its_turn_is_not_used_again()
    {
        _store.AtOnce = ReadOutcome.NotHere;
        _store.Asked = () => Task.FromException(new TimeoutException());
        var lost = _turns.Begin();
        Assert.Equal(TurnOutcome.Unread, lost.Try(s_body));
        Assert.Equal(TurnOutcome.Answered, await lost.AskAsync(CancellationToken.None));
        var answer = JsonNode.Parse(lost.Answer)!;
        Assert.Equal((0.5f, true, "entity_timeout"), ((float)answer["score"]!, (bool)answer["fallback"]!, (string?)answer["fallback_reason"]));
        Assert.Empty(answer["reasons"]!.AsArray());
        lost.Note();
        Assert.Equal(FallbackCause.EntityTimeout, Assert.Single(_observer.Seen).Result.Cause);
        lost.Dispose();
        using var next = _turns.Begin();
        Assert.NotSame(lost, next);
    }

    [Fact]
    public async Task What_is_not_there_within_the_budget_gives_the_fallback_at_once()
    {
        var never = new TaskCompletionSource();
        (_store.AtOnce, _store.Asked) = (ReadOutcome.NotHere, () => never.Task);
        using var turn = _turns.Begin();
        turn.Budget = TimeSpan.FromTicks(1);
        Assert.Equal(TurnOutcome.Unread, turn.Try(s_body));
        Assert.Equal(TurnOutcome.Answered, await turn.AskAsync(CancellationToken.None));
        Assert.Equal("budget", (string?)JsonNode.Parse(turn.Answer)!["fallback_reason"]);
        Assert.Equal(Timeout.InfiniteTimeSpan, _turns.Begin().Budget);
    }

    [Fact]
    public async Task A_wait_ends_when_the_budget_is_spent()
    {
        var never = new TaskCompletionSource();
        (_store.AtOnce, _store.Asked) = (ReadOutcome.NotHere, () => never.Task);
        using var turn = _turns.Begin();
        turn.Budget = TimeSpan.FromHours(1);
        Assert.Equal(TurnOutcome.Unread, turn.Try(s_body));
        var answering = turn.AskAsync(CancellationToken.None);
        Assert.False(answering.IsCompleted);
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal(TurnOutcome.Answered, await answering);
        Assert.Equal("budget", (string?)JsonNode.Parse(turn.Answer)!["fallback_reason"]);
    }

    [Fact]
    public void Within_the_budget_nothing_is_a_fallback()
    {
        using var turn = _turns.Begin();
        turn.Budget = TimeSpan.FromTicks(1);
        Assert.Equal(TurnOutcome.Answered, turn.Try(s_body));
        Assert.False((bool)JsonNode.Parse(turn.Answer)!["fallback"]!);
    }

    [Fact]
    public void A_model_that_fails_again_and_again_is_not_asked_any_more()
    {
        var circuits = new ScoreCircuits(
            new(0.5, 4, TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(5), TimeSpan.FromHours(1)), _clock, static (_, _) => { });
        var turns = new ScoreTurns(
            _store, _scorer, RequestSchema.For(_scorer.Service, _scorer.Definition.Request), TimeSpan.FromMinutes(10), _clock, _observer, log: null, circuits: circuits);
        _model.Failure = new InvalidOperationException("the session is gone");
        Assert.Equal([.. Enumerable.Repeat("model_failed", 4), "model_circuit_open"], Enumerable.Range(0, 5).Select(_ => ReasonOf(turns)));
        Assert.Equal(4, _scorer.Fallbacks);
        _model.Failure = null;
        Assert.Equal("model_circuit_open", ReasonOf(turns));
        _clock.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(ReasonOf(turns));
    }

    private static string? ReasonOf(ScoreTurns turns)
    {
        using var turn = turns.Begin();
        turn.Try(s_body);
        return (string?)JsonNode.Parse(turn.Answer)!["fallback_reason"];
    }

    [Fact]
    public void A_turn_that_ended_is_used_again()
    {
        var first = _turns.Begin();
        first.Dispose();
        using var next = _turns.Begin();
        Assert.Same(first, next);
    }

    [Fact]
    public void A_time_before_what_the_state_keeps_is_too_old()
    {
        _store.Pay(40);
        using var turn = _turns.Begin();
        Assert.Equal(TurnOutcome.TooOld, turn.Try("""{"card_id":"card_1","amount":250,"ts":"1971-01-01T00:00:00Z"}"""u8));
        Assert.Equal("card", turn.FailedEntity);
    }

    [Theory]
    [InlineData("""{"card_id":""", RequestFaultKind.MalformedJson)]
    [InlineData("[]", RequestFaultKind.NotAnObject)]
    [InlineData("""{"service":"another"}""", RequestFaultKind.UnknownField)]
    [InlineData("""{"card_id":1}""", RequestFaultKind.WrongType)]
    [InlineData("""{"card_id":"a","amount":9007199254740993}""", RequestFaultKind.OutOfRange)]
    [InlineData("""{"card_id":"a","amount":1e-400}""", RequestFaultKind.OutOfRange)]
    [InlineData("""{"card_id":"a","card_id":"b"}""", RequestFaultKind.DuplicateField)]
    [InlineData("""{"card_id":"a"}""", RequestFaultKind.MissingField)]
    [InlineData("""{"card_id":"a","amount":1,"ts":"2099-01-01T00:00:00Z"}""", RequestFaultKind.WrongTime)]
    public void A_wrong_body_is_refused_with_what_is_wrong_and_the_turn_takes_another(string body, RequestFaultKind kind)
    {
        using var turn = _turns.Begin();
        Assert.Equal(TurnOutcome.Refused, turn.Try(Encoding.UTF8.GetBytes(body)));
        Assert.Equal(kind, turn.Fault?.Kind);
        Assert.Equal(TurnOutcome.Answered, turn.Try(s_body));
        Assert.Null(turn.Fault);
    }

    [Fact]
    public void A_model_that_fails_is_answered_with_the_declared_fallback()
    {
        _model.Failure = new InvalidOperationException("the session is gone");
        using var turn = _turns.Begin();
        Assert.Equal(TurnOutcome.Answered, turn.Try(s_body));
        var answer = JsonNode.Parse(turn.Answer)!;
        Assert.Equal((0.5f, "review", true), ((float)answer["score"]!, (string?)answer["decision"], (bool)answer["fallback"]!));
    }

    [Fact]
    public void Answers_that_are_kept_are_counted_together()
    {
        using var turn = _turns.Begin();
        turn.Try(s_body);
        turn.Keep();
        turn.Try("""{"card_id":"card_2","amount":1}"""u8);
        turn.Keep();
        Assert.Empty(_observer.Seen);
        turn.NoteKept();
        turn.NoteKept();
        Assert.Equal(["card_1", "card_2"], _observer.Seen.Select(seen => seen.Name));
    }

    [Fact]
    public void A_turn_allocates_nothing_where_the_entities_are_at_hand()
    {
        _store.Pay(40);
        _observer.Keeps = false;
        Allocations.AssertNone(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                using var turn = _turns.Begin();
                Assert.True(turn.Try(s_body) == TurnOutcome.Answered);
                turn.Note();
            }
        });
    }

    [Fact]
    public void A_drawn_answer_is_given_as_a_copy_with_its_reads()
    {
        _store.Pay(40);
        _sampler.Draws = true;
        using var turn = _turns.Begin();
        turn.Try(s_body);
        var sampled = Assert.Single(_sampler.Answers);
        turn.Try("""{"card_id":"card_2","amount":1}"""u8);
        var (read, score) = (Assert.Single(sampled.Reads), sampled.Score!);
        Assert.Equal(("card_1", _store.NewestEventTime.Millis), (Encoding.UTF8.GetString(read.Key), read.AtMillis));
        Assert.Equal(
            ("card_1", 250.0),
            (Encoding.UTF8.GetString(score.Request.Texts(score.Request.Source.IndexOf("card_id"))[0]), score.Request.Numbers(score.Request.Source.IndexOf("amount"))[0]));
        Assert.Equal(new ScoreResult(0.9f, Decision.Decline, 0b11, IsFallback: false), score.Result);
        var vector = new float[score.Vector.Length];
        _scorer.Service.Assemble(score.Values, score.Request, 0, vector);
        Assert.Equal(score.Vector, vector);
        Assert.Empty(_sampler.Skipped);
    }

    [Fact]
    public async Task A_drawn_answer_during_which_an_event_came_is_not_given()
    {
        (_sampler.Draws, _store.AtOnce) = (true, ReadOutcome.NotHere);
        _store.Asked = () =>
        {
            _store.Pay(1);
            return Task.CompletedTask;
        };
        using var turn = _turns.Begin();
        turn.Try(s_body);
        Assert.Equal(TurnOutcome.Answered, await turn.AskAsync(CancellationToken.None));
        Assert.Empty(_sampler.Answers);
        Assert.Equal([ParitySkip.Changed], _sampler.Skipped);
    }

    private sealed class CountingObserver : IScoreObserver
    {
        public bool Keeps { get; set; } = true;

        public List<(string Name, ScoreResult Result)> Seen { get; } = [];

        public void Scored(ReadOnlySpan<byte> name, long atMillis, ReadOnlySpan<float> vector, in ScoreResult result, TimeSpan latency)
        {
            if (Keeps)
            {
                Seen.Add((Encoding.UTF8.GetString(name), result));
            }
        }
    }
}
