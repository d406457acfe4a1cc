using System.Net;
using System.Text.Json;
using Streaming.Features.State;
using Streaming.Node.Tests.Fakes;

namespace Streaming.Node.Tests;

public sealed class ScoreRouteSpec
{
    private const long Newest = 1_533_081_600_000;

    [Fact]
    public async Task A_score_says_what_it_rests_on()
    {
        await using var node = await TestNode.StartAsync();
        var answer = await ScoreAsync(node, """{"card_id":"card_12345","amount":250.0}""");
        Assert.Equal(
            """{"card_id":"card_12345","score":0.25,"decision":"approve","reasons":[],"model":"fraud@test","at":"2018-08-01T00:00:00.000Z","as_of":"2018-08-01T00:00:00.000Z","fallback":false,"features_stale":false,"entities_missing":["terminal"]}""",
            answer.GetRawText());
    }

    [Fact]
    public async Task The_request_counts_itself_in_the_windows_of_its_card()
    {
        await using var node = await TestNode.StartAsync();
        node.Store.Pay("card_1", Newest - 1000, 10);
        node.Store.Pay("card_1", Newest - 500, 10);
        var answer = await ScoreAsync(node, """{"card_id":"card_1","amount":400}""");
        Assert.Equal(["high_amount", "busy_card"], answer.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString()!));
    }

    [Theory]
    [InlineData("posted", "high_amount")]
    [InlineData("another", "high_amount, busy_card")]
    public async Task A_request_whose_event_was_posted_before_counts_once(string id, string reasons)
    {
        await using var node = await TestNode.StartAsync();
        node.Store.Pay("card_1", Newest - 1000, 10, id: "before");
        node.Store.Pay("card_1", Newest, 400, id: "posted");
        var answer = await ScoreAsync(node, $$"""{"event_id":"{{id}}","card_id":"card_1","amount":400}""");
        Assert.Equal(reasons, string.Join(", ", answer.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString())));
    }

    [Fact]
    public async Task Reasons_are_given_only_where_the_decision_is_not_approve()
    {
        await using var node = await TestNode.StartAsync();
        var approved = await ScoreAsync(node, """{"card_id":"c","amount":290,"currency":"USD"}""");
        var declined = await ScoreAsync(node, """{"card_id":"c","amount":900,"currency":"USD"}""");
        Assert.Empty(approved.GetProperty("reasons").EnumerateArray());
        Assert.Equal("decline", declined.GetProperty("decision").GetString());
        Assert.Equal(["high_amount", "foreign"], declined.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString()!));
    }

    [Fact]
    public async Task A_declared_default_stands_for_a_field_that_is_left_out()
    {
        await using var node = await TestNode.StartAsync();
        var answer = await ScoreAsync(node, """{"card_id":"c","amount":900}""");
        Assert.Equal(["high_amount"], answer.GetProperty("reasons").EnumerateArray().Select(reason => reason.GetString()!));
    }

    [Theory]
    [InlineData("1533000000000", "2018-07-31T01:20:00.000Z")]
    [InlineData("\"2018-07-31T12:00:00Z\"", "2018-07-31T12:00:00.000Z")]
    [InlineData("\"2018-07-31T12:00:00.250+02:00\"", "2018-07-31T10:00:00.250Z")]
    public async Task The_read_time_is_the_requests_own_where_it_has_one(string ts, string at)
    {
        await using var node = await TestNode.StartAsync();
        var answer = await ScoreAsync(node, $$"""{"card_id":"c","amount":1,"ts":{{ts}}}""");
        Assert.Equal(at, answer.GetProperty("at").GetString());
    }

    [Theory]
    [InlineData(256, HttpStatusCode.OK)]
    [InlineData(257, HttpStatusCode.BadRequest)]
    public async Task A_key_that_no_event_can_have_is_refused(int bytes, HttpStatusCode expected)
    {
        await using var node = await TestNode.StartAsync();
        using var answer = await node.PostAsync("/score", $$"""{"card_id":"{{new string('c', bytes)}}","amount":1}""");
        Assert.Equal(expected, answer.StatusCode);
    }

    /// <summary>The events of a replay or a simulation may be ahead of the clock.</summary>
    [Theory]
    [InlineData(600_000, HttpStatusCode.OK)]
    [InlineData(600_001, HttpStatusCode.BadRequest)]
    public async Task A_time_may_be_as_far_ahead_of_the_newest_event_as_an_events_time_of_its_record(long aheadMillis, HttpStatusCode expected)
    {
        await using var node = await TestNode.StartAsync();
        node.Store.NewestEventTime = new(4_070_908_800_000);
        foreach (var (path, body) in new[] { ("/score", "{0}"), ("/score/batch", "[{0}]") })
        {
            using var answer = await node.PostAsync(path, body.Replace("{0}", $$"""{"card_id":"c","amount":1,"ts":{{4_070_908_800_000 + aheadMillis}}}""", StringComparison.Ordinal));
            Assert.Equal(expected, answer.StatusCode);
        }
    }

    /// <summary>The shipped service has features of the request's hour and weekday.</summary>
    [Fact]
    public async Task A_request_without_a_time_is_scored_as_one_at_the_time_that_the_answer_names()
    {
        await using var node = await TestNode.StartAsync(isShipped: true);
        node.Store.NewestEventTime = new(Newest + 5 * 3_600_000);
        var answer = await ScoreAsync(node, """{"card_id":"c","amount":1}""");
        var vector = node.Model.Last;
        var again = await ScoreAsync(node, $$"""{"card_id":"c","amount":1,"ts":{{answer.GetProperty("at").GetRawText()}}}""");
        Assert.Equal(node.Model.Last, vector);
        Assert.Equal(again.GetRawText(), answer.GetRawText());
        Assert.Equal([1f, 0f, 1f], vector[..3]);
    }

    [Theory]
    [InlineData(253_402_300_800_000)]
    [InlineData(long.MaxValue)]
    public async Task A_time_that_no_calendar_has_is_answered_in_milliseconds(long newest)
    {
        await using var node = await TestNode.StartAsync(isShipped: true);
        node.Store.NewestEventTime = new(newest);
        Assert.Equal(newest, (await ScoreAsync(node, """{"card_id":"c","amount":1}""")).GetProperty("as_of").GetInt64());
    }

    [Theory]
    [InlineData("")]
    [InlineData("""
        ,"user_id":null
        """)]
    [InlineData("""
        ,"user_id":""
        """)]
    public async Task A_request_that_does_not_name_an_entity_reads_nobody(string user)
    {
        const string features = """
            feature-view users { entity = user, source = transactions, key = user_id, time = ts, features { n { count = "*", over = 1d } } }
            feature-service fraud { request = transactions, features = [users.n_1d, card_activity.tx_count_1d] }
            """;
        await using var node = await TestNode.StartAsync(features: Samples.Features[..Samples.Features.IndexOf("feature-service", StringComparison.Ordinal)] + features);
        var answer = await ScoreAsync(node, $$"""{"card_id":"c","amount":1{{user.Trim()}}}""");
        Assert.Equal(["user"], answer.GetProperty("entities_missing").EnumerateArray().Select(entity => entity.GetString()));
        Assert.Equal([float.NaN, 1f], node.Model.Last);
        await ScoreAsync(node, """{"card_id":"c","amount":1,"user_id":"u"}""");
        Assert.Equal([1f, 1f], node.Model.Last);
    }

    [Fact]
    public async Task Before_the_first_event_as_of_is_null()
    {
        await using var node = await TestNode.StartAsync();
        node.Store.NewestEventTime = Features.Events.EventTime.None;
        var answer = await ScoreAsync(node, """{"card_id":"c","amount":1}""");
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("as_of").ValueKind);
    }

    [Fact]
    public async Task A_node_that_is_catching_up_says_so()
    {
        await using var node = await TestNode.StartAsync();
        node.Store.IsCaughtUp = false;
        Assert.True((await ScoreAsync(node, """{"card_id":"c","amount":1}""")).GetProperty("features_stale").GetBoolean());
    }

    [Theory]
    [InlineData("/score")]
    [InlineData("/features/card/c")]
    public async Task An_entity_that_goes_while_it_is_read_makes_the_answer_stale(string path)
    {
        await using var node = await TestNode.StartAsync();
        node.Store.AtOnce = _ =>
        {
            node.Store.IsCaughtUp = false;
            return null;
        };
        using var answer = path == "/score" ? await node.PostAsync(path, """{"card_id":"c","amount":1}""") : await node.Client.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Contains("\"features_stale\":true", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_model_that_is_missing_or_fails_gives_the_declared_fallback(bool hasModel)
    {
        await using var node = await TestNode.StartAsync(hasModel: hasModel);
        node.Model.Failure = new InvalidOperationException("broken");
        var answer = await ScoreAsync(node, """{"card_id":"c","amount":1}""");
        Assert.True(answer.GetProperty("fallback").GetBoolean());
        Assert.Equal("review", answer.GetProperty("decision").GetString());
        Assert.Equal(0.5, answer.GetProperty("score").GetDouble());
        var cause = hasModel ? "model_failed" : "model_missing";
        Assert.Equal(cause, answer.GetProperty("fallback_reason").GetString());
        Assert.Equal(1, await node.MetricAsync($$"""streaming_score_fallbacks_total{cause="{{cause}}"}"""));
    }

    [Fact]
    public async Task An_entity_that_is_not_at_hand_is_asked()
    {
        await using var node = await TestNode.StartAsync();
        node.Store.AtOnce = key => key == "far" ? ReadOutcome.NotHere : null;
        node.Store.Pay("far", Newest - 1, 10);
        await ScoreAsync(node, """{"card_id":"far","amount":1}""");
        Assert.Equal(1, node.Store.AskedReads);
    }

    [Fact]
    public async Task Entities_that_are_not_at_hand_are_asked_at_the_same_time_and_no_others()
    {
        await using var node = await TestNode.StartAsync();
        var both = new TaskCompletionSource();
        node.Store.AtOnce = key => key == "near" ? null : ReadOutcome.NotHere;
        node.Store.Asked = key => key == "far_card" ? both.Task : Task.Run(both.TrySetResult);
        await ScoreAsync(node, """{"card_id":"far_card","terminal_id":"far_terminal","amount":1}""");
        Assert.Equal(2, node.Store.AskedReads);
        await ScoreAsync(node, """{"card_id":"near","terminal_id":"far","amount":1}""");
        Assert.Equal(3, node.Store.AskedReads);
    }

    [Fact]
    public async Task A_batch_has_an_answer_a_request_in_their_order()
    {
        await using var node = await TestNode.StartAsync();
        using var answer = await node.PostAsync("/score/batch", """ [ {"card_id":"a","amount":1}, {"card_id":"b\u00e9","amount":2} ,{"amount":3,"card_id":"c"}] """);
        var scores = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(["a", "b\u00e9", "c"], scores.EnumerateArray().Select(score => score.GetProperty("card_id").GetString()!));
        Assert.Equal([0.001, 0.002, 0.003], scores.EnumerateArray().Select(score => score.GetProperty("score").GetDouble()));
    }

    [Fact]
    public async Task An_empty_batch_has_no_answers()
    {
        await using var node = await TestNode.StartAsync();
        using var answer = await node.PostAsync("/score/batch", "[]");
        Assert.Equal("[]", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task One_fault_in_a_batch_and_none_is_answered_counted_or_logged()
    {
        await using var node = await TestNode.StartAsync();
        using var answer = await node.PostAsync("/score/batch", """[{"card_id":"a","amount":1},{"card_id":"b"}]""");
        await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "missing-field", "Request 2 of the array: \"amount\" is missing");
        Assert.Equal(0, await node.MetricAsync("""streaming_scores_total{decision="approve"}"""));
    }

    /// <summary>What no check of the body can tell: the read time of the third is too old for its card.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_request_in_a_batch_that_cannot_be_scored_is_named_and_no_other_counts(bool isFar)
    {
        await using var node = await TestNode.StartAsync();
        node.Store.Pay("old", Newest, 10);
        node.Store.AtOnce = _ => isFar ? ReadOutcome.NotHere : null;
        using var answer = await node.PostAsync("/score/batch", """[{"card_id":"a","amount":1},{"card_id":"b","amount":1},{"card_id":"old","amount":1,"ts":"1971-01-01T00:00:00Z"}]""");
        await ProblemAssert.IsAsync(
            answer, HttpStatusCode.UnprocessableEntity, "too-old", "Request 3 of the array: 1971-01-01T00:00:00.000Z is more than 24 h before the newest event of the card");
        Assert.Equal("ts", JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("field").GetString());
        Assert.Equal(0, await node.MetricAsync("""streaming_scores_total{decision="approve"}"""));
    }

    [Fact]
    public async Task A_batch_over_its_limit_is_refused()
    {
        await using var node = await TestNode.StartAsync("score.batch-limit = 1");
        using var answer = await node.PostAsync("/score/batch", """[{"card_id":"a","amount":1},{"card_id":"b","amount":1}]""");
        await ProblemAssert.IsAsync(answer, HttpStatusCode.RequestEntityTooLarge, "too-many", "streaming.score.batch-limit");
    }

    private static async Task<JsonElement> ScoreAsync(TestNode node, string json)
    {
        using var answer = await node.PostAsync("/score", json);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonDocument.Parse(text).RootElement;
    }
}
