using System.Net;
using System.Text.Json;
using Streaming.Features.State;
using Streaming.Node.Tests.Fakes;

namespace Streaming.Node.Tests;

/// <summary>What is answered where entities fail, or a request's budget is spent.</summary>
public sealed class ScoreFallbackSpec
{
    [Fact]
    public async Task An_entity_that_does_not_answer_in_time_gives_the_declared_fallback()
    {
        await using var node = await TestNode.StartAsync();
        node.Store.AtOnce = _ => ReadOutcome.NotHere;
        node.Store.Asked = _ => Task.FromException(new TimeoutException());
        var answer = await ScoreAsync(node, """{"card_id":"c","amount":1}""");
        Assert.Equal(("entity_timeout", 0.5), (answer.GetProperty("fallback_reason").GetString(), answer.GetProperty("score").GetDouble()));
        Assert.Equal(1, await node.MetricAsync("""streaming_score_fallbacks_total{cause="entity_timeout"}"""));
    }

    [Fact]
    public async Task Entities_that_fail_again_and_again_are_not_asked_any_more()
    {
        await using var node = await TestNode.StartAsync("circuits.minimum-calls = 3, circuits.break = 1h");
        node.Store.AtOnce = _ => ReadOutcome.NotHere;
        node.Store.Asked = _ => Task.FromException(new InvalidOperationException("gone"));
        foreach (var cause in new[] { "entity_failed", "entity_failed", "entity_failed", "entity_circuit_open" })
        {
            Assert.Equal(cause, (await ScoreAsync(node, """{"card_id":"c","amount":1}""")).GetProperty("fallback_reason").GetString());
        }

        Assert.Equal(3, node.Store.AskedReads);
        Assert.Equal(1, await node.MetricAsync("""streaming_circuit_open{circuit="entity/card"}"""));
        Assert.Equal(0, await node.MetricAsync("""streaming_circuit_open{circuit="model/fraud"}"""));
    }

    [Theory]
    [InlineData("/score", """{"card_id":"c","amount":1}""")]
    [InlineData("/score/batch", """[{"card_id":"c","amount":1}]""")]
    public async Task A_request_waits_no_longer_than_its_budget(string path, string body)
    {
        await using var node = await TestNode.StartAsync();
        node.Store.AtOnce = _ => ReadOutcome.NotHere;
        node.Store.Asked = _ => new TaskCompletionSource().Task;
        using var answer = await BudgetAsync(node, path, body, "1");
        Assert.Contains("\"fallback\":true,\"fallback_reason\":\"budget\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_entity_that_answers_too_late_does_not_write_into_the_next_request_of_its_array()
    {
        await using var node = await TestNode.StartAsync();
        var at = node.Store.NewestEventTime.Millis;
        for (var i = 0; i < 5; i++)
        {
            node.Store.Pay("slow", at, 900);
        }

        // The budget is long enough for the entity to be asked on a busy machine.
        node.Store.Pay("c", at, 10);
        var late = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        node.Store.Asked = _ => late.Task;
        node.Store.AtOnce = key =>
        {
            if (key == "t")
            {
                // The card c has been read, the model has not been asked yet.
                late.TrySetResult();
                Assert.True(SpinWait.SpinUntil(() => node.Store.WrittenReads == 1, TimeSpan.FromSeconds(20)));
            }

            return key == "slow" ? ReadOutcome.NotHere : null;
        };
        using var answer = await BudgetAsync(
            node, "/score/batch", """[{"card_id":"slow","amount":1},{"card_id":"c","terminal_id":"t","amount":30}]""", "200");
        Assert.Contains("\"fallback_reason\":\"budget\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal([30, 2, 2, 20, 0], node.Model.Last);
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("2147483648", false)]
    [InlineData("99999999999999999999999999", false)]
    public async Task A_budget_is_any_whole_number_of_milliseconds(string budget, bool isSpent)
    {
        await using var node = await TestNode.StartAsync();
        node.Store.AtOnce = _ => ReadOutcome.NotHere;
        using var answer = await BudgetAsync(node, "/score", """{"card_id":"c","amount":1}""", budget);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(isSpent, text.Contains("\"fallback_reason\":\"budget\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("")]
    [InlineData("1.5")]
    [InlineData("soon")]
    public async Task A_budget_that_is_none_is_refused(string budget)
    {
        await using var node = await TestNode.StartAsync();
        foreach (var (path, body) in new[] { ("/score", """{"card_id":"c","amount":1}"""), ("/models/fraud/score/batch", "[]") })
        {
            using var answer = await BudgetAsync(node, path, body, budget);
            await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "invalid-header", budget);
        }
    }

    private static Task<HttpResponseMessage> BudgetAsync(TestNode node, string path, string body, string budget)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        request.Headers.Add("X-Request-Budget-Ms", budget);
        return node.Client.SendAsync(request);
    }

    private static async Task<JsonElement> ScoreAsync(TestNode node, string request)
    {
        using var answer = await node.PostAsync("/score", request);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return json.RootElement.Clone();
    }
}
