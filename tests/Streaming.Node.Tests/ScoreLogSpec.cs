using System.Reflection;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Events;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Contracts.Wire;
using Streaming.Features.Events;
using Streaming.Ingest;
using Streaming.Log;
using Streaming.Log.Embedded;
using Streaming.Node.Tests.Fakes;
using Streaming.Scoring;
using Streaming.Scoring.ScoreLogs;

namespace Streaming.Node.Tests;

public sealed class ScoreLogSpec : IAsyncLifetime
{
    private const long Newest = 1_533_081_600_000;
    private static readonly CancellationToken s_none = CancellationToken.None;
    private readonly string _directory = Directory.CreateTempSubdirectory("scores").FullName;
    private EmbeddedEventLog _log = null!;
    private ScoreLogTarget _target = null!;

    public async Task InitializeAsync()
    {
        _log = EmbeddedEventLog.Open(new EmbeddedLogSettings(Path.Combine(_directory, "log.db")));
        await _log.CreateTopicAsync(EventSchemas.Scores, 1, s_none);
        _target = new(_log, new ShippedSchemas(new EmbeddedSchemaRegistry(_directory)));
    }

    public async Task DisposeAsync()
    {
        await _log.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task Every_answer_is_in_the_log_with_all_that_it_rests_on()
    {
        await ScoreAsync(string.Empty, """{"card_id":"card_1","amount":900.5,"fraud":false}""", """{"card_id":"card_2","terminal_id":"t","amount":1,"event_id":"e1"}""");
        var scores = await LoggedAsync();
        Assert.Equal(["card_1", "card_2"], scores.Select(score => score.CardId));
        Assert.Equal([900.5, 1, 1, 900.5, 0], scores[0].Features.AsEnumerable());
        Assert.Equal(("fraud", "fraud", "test", "decline"), (scores[0].Service, scores[0].Model, scores[0].ModelVersion, scores[0].Decision));
        Assert.Equal(["high_amount"], scores[0].Reasons.AsEnumerable());
        Assert.Equal((0.9005f, false), ((float)scores[0].Value, scores[0].Fallback));
        Assert.Equal((new EventTime(Newest), new EventTime(Newest)), (scores[0].Ts, scores[0].Watermark));
        Assert.Equal("""{"card_id":"card_1","amount":900.5,"currency":"EUR","ts":1533081600000,"fraud":false}""", scores[0].Request);
        Assert.Equal((null, "t", "e1/fraud@test"), (scores[0].TerminalId, scores[1].TerminalId, scores[1].ScoreId));
    }

    [Fact]
    public async Task Each_answer_is_logged_with_the_model_and_version_that_gave_it()
    {
        await using (var node = await TestNode.StartAsync(scores: _target, hasSecond: true))
        {
            using var second = await node.PostAsync("/models/second/score", """{"card_id":"card_1"}""");
            using var champion = await node.PostAsync("/score", """{"card_id":"card_2","amount":900}""");
            node.Models.Swap(new Scorer(node.Models.Champion.Definition, node.Models.Champion.Active.Scorer.Service, new FakeModel { Version = "next" }));
            using var swapped = await node.PostAsync("/score", """{"card_id":"card_3","amount":900}""");
        }

        Assert.Equal(
            [("card_1", "second", "test"), ("card_2", "fraud", "test"), ("card_3", "fraud", "next")],
            (await LoggedAsync()).Select(score => (score.CardId, score.Model, score.ModelVersion)));
    }

    [Fact]
    public async Task A_challengers_scores_are_beside_the_answers_and_say_so()
    {
        await using (var node = await TestNode.StartAsync(scores: _target, hasSecond: true, second: Samples.ChallengerModel))
        {
            using var one = await node.PostAsync("/score", """{"card_id":"card_1","amount":150}""");
            using var many = await node.PostAsync("/score/batch", """[{"card_id":"card_2","amount":250,"event_id":"a/b"}]""");
            await Eventually.TrueAsync("both are scored", async () => await node.MetricAsync("""streaming_shadow_scores_total{model="next",version="test"}""") == 2);
            Assert.Equal(1, await node.MetricAsync("""streaming_shadow_disagreements_total{model="next",version="test",champion="approve",challenger="review"}"""));
            Assert.Contains("\"compared\":2,\"agreed\":0", await node.Client.GetStringAsync("/models"), StringComparison.Ordinal);
        }

        var scores = await LoggedAsync();
        foreach (var (card, decision, shadowed) in new[] { ("card_1", "approve", "review"), ("card_2", "approve", "decline") })
        {
            var (answer, shadow) = (scores.Single(score => score.CardId == card && !score.Shadow), scores.Single(score => score.CardId == card && score.Shadow));
            Assert.Equal(("fraud", decision, "next", shadowed), (answer.Model, answer.Decision, shadow.Model, shadow.Decision));
            Assert.Equal(answer.Features.AsEnumerable(), shadow.Features);
            Assert.Equal((answer.Request, answer.AnsweredAt, answer.Watermark), (shadow.Request, shadow.AnsweredAt, shadow.Watermark));
            Assert.Equal(answer.ScoreId[..answer.ScoreId.LastIndexOf('/')], shadow.ScoreId[..shadow.ScoreId.LastIndexOf('/')]);
        }
    }

    [Fact]
    public async Task The_answers_of_a_batch_are_in_the_log_where_all_of_them_left()
    {
        await using (var node = await TestNode.StartAsync(scores: _target))
        {
            node.Store.Pay("old", Newest, 10);
            using var refused = await node.PostAsync("/score/batch", """[{"card_id":"card_1","amount":1},{"card_id":"old","amount":1,"ts":"1971-01-01T00:00:00Z"}]""");
            using var answered = await node.PostAsync("/score/batch", """[{"card_id":"card_2","amount":900},{"card_id":"card_3","amount":1}]""");
            Assert.Equal((false, true), (refused.IsSuccessStatusCode, answered.IsSuccessStatusCode));
            Assert.Equal(1, await node.MetricAsync("""streaming_scores_total{decision="approve"}"""));
        }

        var scores = await LoggedAsync();
        Assert.Equal(["card_2", "card_3"], scores.Select(score => score.CardId));
        Assert.Equal([900, 1, 1, 900, 0], scores[0].Features.AsEnumerable());
    }

    [Fact]
    public async Task Answers_of_a_range_of_times_are_read_again()
    {
        await ScoreAsync(string.Empty, """{"card_id":"card_1","amount":1}""", """{"card_id":"card_2","amount":2}""");
        var logged = await LoggedAsync();
        var (first, last) = (logged.Min(score => score.AnsweredAt.Millis), logged.Max(score => score.AnsweredAt.Millis));
        Assert.Equal(logged.Select(score => score.ScoreId), (await ReadAsync(first, last + 1)).Select(score => score.ScoreId));
        Assert.Equal(logged[0].Features.AsEnumerable(), (await ReadAsync(first, last + 1))[0].Features.AsEnumerable());
        Assert.Empty(await ReadAsync(last + 1, last + 1_000));
        Assert.Empty(await ReadAsync(first - 1_000, first));
    }

    [Fact]
    public async Task A_record_that_is_no_score_is_named()
    {
        var records = new RecordBatch(1);
        records.Add(-1, Newest, "k"u8, "not Avro"u8);
        await _log.AppendAsync(EventSchemas.Scores, records, s_none);
        var fault = await Assert.ThrowsAsync<IngestException>(() => ReadAsync(Newest, Newest + 1));
        Assert.Contains("scores:0:0 is no Score", fault.Message, StringComparison.Ordinal);
    }

    private async Task<List<Score>> ReadAsync(long fromMillis, long toMillis)
    {
        var scores = new List<Score>();
        await foreach (var score in new ScoreReader(_log, new EmbeddedSchemaRegistry(_directory)).ReadAsync(fromMillis, toMillis, s_none))
        {
            scores.Add(score);
        }

        return scores;
    }

    [Fact]
    public async Task Nothing_is_logged_where_it_is_off()
    {
        await ScoreAsync("score.log = off", """{"card_id":"card_1","amount":1}""");
        Assert.Empty(await LoggedAsync());
    }

    [Fact]
    public async Task Scoring_does_not_wait_for_a_log_that_is_behind_and_what_is_not_logged_is_counted()
    {
        await using var node = await TestNode.StartAsync("score { log-queue-limit = 1, log-linger = 1m }", scores: _target);
        for (var i = 0; i < 10; i++)
        {
            using var answer = await node.PostAsync("/score", """{"card_id":"card_1","amount":1}""");
            Assert.True(answer.IsSuccessStatusCode);
        }

        Assert.Equal(9, await node.MetricAsync("streaming_score_events_dropped_total"));
        Assert.Contains("\"score_events\":{\"logged\":0,\"dropped\":9}", await node.Client.GetStringAsync("/status"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_with_long_texts_fill_the_queue_by_their_bytes()
    {
        await using (var node = await TestNode.StartAsync("score { log-queue-bytes-max = 2048, log-linger = 1m }", scores: _target))
        {
            foreach (var length in new[] { 900, 900, 900, 10 })
            {
                using var answer = await node.PostAsync("/score", $$"""{"card_id":"card_1","amount":1,"mcc":"{{new string('1', length)}}"}""");
                Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
            }

            Assert.Equal(1, await node.MetricAsync("streaming_score_events_dropped_total"));
        }

        Assert.Equal(3, (await LoggedAsync()).Count);
    }

    [Fact]
    public async Task A_node_that_stops_writes_what_is_queued()
    {
        await ScoreAsync("score.log-linger = 1m", [.. Enumerable.Repeat("""{"card_id":"card_1","amount":1}""", 5)]);
        Assert.Equal(5, (await LoggedAsync()).Count);
    }

    [Fact]
    public async Task An_append_that_fails_is_tried_again()
    {
        var away = DispatchProxy.Create<IEventLog, AwayOnce>();
        ((AwayOnce)(object)away).Log = _log;
        _target = _target with { Log = away };
        await ScoreAsync("score.log-flush-timeout = 1m", """{"card_id":"card_1","amount":1}""");
        Assert.Single(await LoggedAsync());
    }

    /// <summary>Answers that come while others are written wait for company, however fast they come: else a busy node would write each by itself.</summary>
    [Fact]
    public async Task The_writer_lingers_before_every_batch()
    {
        const int batches = 4;
        var (clock, slow) = (new CountingClock(), DispatchProxy.Create<IEventLog, DuringAppend>());
        await using var node = await TestNode.StartAsync("score.log-linger = 1ms, drift.enabled = off, models.watch.period = 0s", scores: _target with { Log = slow }, clock: clock);
        var (appends, enough) = (0, new TaskCompletionSource<int>());
        ((DuringAppend)(object)slow).Log = _log;
        ((DuringAppend)(object)slow).Happens = async () =>
        {
            if (++appends == batches)
            {
                enough.SetResult(clock.Timers);
            }

            using var answer = await node.PostAsync("/score", """{"card_id":"card_2","amount":1}""");
        };
        using var first = await node.PostAsync("/score", """{"card_id":"card_1","amount":1}""");
        Assert.Equal(batches, await enough.Task.WaitAsync(TimeSpan.FromSeconds(30)));
        ((DuringAppend)(object)slow).Happens = () => Task.CompletedTask;
    }

    private async Task ScoreAsync(string overrides, params string[] requests)
    {
        await using var node = await TestNode.StartAsync(overrides, scores: _target);
        foreach (var request in requests)
        {
            using var answer = await node.PostAsync("/score", request);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }
    }

    /// <summary>A log whose first append fails as in an outage.</summary>
    public class AwayOnce : DispatchProxy
    {
        private bool _wasAway;

        public IEventLog Log { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            if (targetMethod!.Name == nameof(IEventLog.AppendAsync) && !_wasAway)
            {
                _wasAway = true;
                return Task.FromException(new EventLogException("the broker is away", retriable: true));
            }

            return targetMethod.Invoke(Log, args);
        }
    }

    /// <summary>A log in which something happens during each append.</summary>
    public class DuringAppend : DispatchProxy
    {
        public IEventLog Log { get; set; } = null!;

        public Func<Task> Happens { get; set; } = () => Task.CompletedTask;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name == nameof(IEventLog.AppendAsync)
            ? AppendAsync(() => (Task)targetMethod.Invoke(Log, args)!)
            : targetMethod.Invoke(Log, args);

        private async Task AppendAsync(Func<Task> append)
        {
            await Happens();
            await append();
        }
    }

    private sealed class CountingClock : TimeProvider
    {
        private int _timers;

        public int Timers => Volatile.Read(ref _timers);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Increment(ref _timers);
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }

    private async Task<List<Score>> LoggedAsync()
    {
        var partition = new TopicPartition(EventSchemas.Scores, 0);
        var (scores, end) = (new List<Score>(), await _log.EndOffsetAsync(partition, s_none));
        var codec = RecordReader.Compile<Score>(EventSchemas.Score, EventSchemas.Score).Codec!;
        await using var reader = _log.Read(partition, 0);
        while (scores.Count < end)
        {
            var records = await reader.ReadAsync(100, s_none);
            for (var i = 0; i < records.Count; i++)
            {
                Assert.True(codec.TryRead(records.Value(i)[WireFormat.HeadBytes..], out var score, out _));
                Assert.Equal(score.CardId, System.Text.Encoding.UTF8.GetString(records.Key(i)));
                scores.Add(score);
            }
        }

        return scores;
    }
}
