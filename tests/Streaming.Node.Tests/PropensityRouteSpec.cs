using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Streaming.Features.State;
using Streaming.Node.Http;
using Streaming.Node.Tests.Fakes;
using Streaming.Scoring.Definitions;
using Streaming.Scoring.Drift;
using Streaming.Scoring;

namespace Streaming.Node.Tests;

/// <summary>POST /propensity with what the repository ships, and a model that scores by an item's purchases.</summary>
public sealed class PropensityRouteSpec
{
    private const long Newest = 1_533_081_600_000;
    private const long Minute = 60_000;

    [Fact]
    public async Task One_score_is_that_of_the_model_by_its_name()
    {
        await using var node = await StartAsync();
        node.Store.Click("u", "a", "c1", "purchase", Newest - Minute);
        const string Body = """{"user_id":"u","item_id":"a","category":"c1"}""";
        using var answer = await node.PostAsync("/propensity", Body);
        using var named = await node.PostAsync("/models/propensity/score", Body);
        var json = await answer.Content.ReadAsStringAsync();
        Assert.Equal(await named.Content.ReadAsStringAsync(), json);
        Assert.Equal(0.1, JsonDocument.Parse(json).RootElement.GetProperty("score").GetDouble(), 1e-6);
    }

    [Fact]
    public async Task A_user_alone_can_be_asked_about_and_what_is_not_named_is_told()
    {
        await using var node = await StartAsync();
        using var answer = await node.PostAsync("/propensity", """{"user_id":"u"}""");
        var root = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(["item", "category"], root.GetProperty("entities_missing").EnumerateArray().Select(each => each.GetString()));
    }

    [Fact]
    public async Task The_best_of_what_the_user_and_others_did_last_come_first()
    {
        await using var node = await StartAsync();
        // Looked at a, put b into the cart; others bought d of the same category.
        node.Store.Click("u", "a", "c1", "view", Newest - (9 * Minute));
        node.Store.Click("u", "b", "c1", "cart", Newest - (8 * Minute));
        node.Store.Click("u", "c", "c1", "view", Newest - Minute);
        node.Store.Click("v", "d", "c1", "purchase", Newest - (7 * Minute));
        node.Store.Click("v", "d", "c1", "purchase", Newest - (6 * Minute));
        node.Store.Click("v", "e", "c2", "purchase", Newest - (6 * Minute));
        node.Store.Click("w", "b", "c1", "purchase", Newest - (10 * Minute));
        var root = await TopAsync(node, """{"user_id":"u","top":2}""");
        Assert.Equal([("d", "c1", 0.2f), ("b", "c1", 0.1f)], Items(root));
        Assert.Equal((3, "propensity@test"), (root.GetProperty("candidates").GetInt32(), root.GetProperty("model").GetString()));

        // A category in the request adds its own.
        Assert.Equal(["d", "b", "e"], Items(await TopAsync(node, """{"user_id":"u","category":"c2","top":3}""")).Select(item => item.Item));
    }

    [Fact]
    public async Task One_score_is_explained_and_the_best_of_several_are_not()
    {
        await using var node = await StartAsync();
        using var one = await node.PostAsync("/propensity?explain=true", """{"user_id":"u"}""");
        Assert.True(JsonDocument.Parse(await one.Content.ReadAsStringAsync()).RootElement.TryGetProperty("explanation", out _));
        using var several = await node.PostAsync("/propensity?explain=true", """{"user_id":"u","top":3}""");
        await ProblemAssert.IsAsync(several, HttpStatusCode.BadRequest, "invalid-value", "leave top out");
    }

    [Fact]
    public async Task Scores_that_are_the_fallback_are_marked()
    {
        await using var node = await StartAsync();
        node.Store.Click("u", "a", "c1", "view", Newest - Minute);
        var known = await TopAsync(node, """{"user_id":"u","top":2}""");
        Assert.Equal((false, false), (known.GetProperty("fallback").GetBoolean(), known.GetProperty("features_stale").GetBoolean()));

        // The item is read once for its category; the second time for its score.
        var reads = 0;
        node.Store.AtOnce = key => key == "a" && ++reads > 1 ? ReadOutcome.NotHere : null;
        node.Store.Asked = key => key == "a" && reads > 1 ? new TaskCompletionSource().Task : Task.CompletedTask;
        node.Store.IsCaughtUp = false;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/propensity")
        {
            Content = new StringContent("""{"user_id":"u","top":2}""", System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Request-Budget-Ms", "1");
        using var answer = await node.Client.SendAsync(request);
        var root = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal((true, true), (root.GetProperty("fallback").GetBoolean(), root.GetProperty("features_stale").GetBoolean()));
        Assert.Equal(0.08f, Assert.Single(Items(root)).Score);
    }

    [Fact]
    public async Task Candidates_that_cannot_be_looked_up_within_the_budget_are_left_out()
    {
        await using var node = await StartAsync();
        node.Store.Click("u", "a", "c1", "view", Newest - Minute);
        node.Store.Click("v", "d", "c1", "purchase", Newest - Minute);

        // The category is on a node that does not answer; the user and its item are here.
        node.Store.AtOnce = key => key == "c1" ? ReadOutcome.NotHere : null;
        node.Store.Asked = key => key == "c1" ? new TaskCompletionSource().Task : Task.CompletedTask;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/propensity")
        {
            Content = new StringContent("""{"user_id":"u","top":5}""", System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Request-Budget-Ms", "1");
        using var answer = await node.Client.SendAsync(request);
        var root = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        Assert.True(root.GetProperty("fallback").GetBoolean());
        Assert.Equal("a", Assert.Single(root.GetProperty("items").EnumerateArray()).GetProperty("item_id").GetString());
    }

    [Theory]
    [InlineData("""{"user_id":"u"}""")]
    [InlineData("""{"user_id":"u","top":3}""")]
    public async Task A_budget_that_is_none_is_refused(string body)
    {
        await using var node = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/propensity")
        {
            Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("X-Request-Budget-Ms", "none");
        using var answer = await node.Client.SendAsync(request);
        await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "invalid-header", "none");
    }

    [Fact]
    public async Task What_is_no_object_is_told_with_a_request_of_this_model()
    {
        await using var node = await StartAsync();
        using var answer = await node.PostAsync("/propensity", "[]");
        await ProblemAssert.IsAsync(answer, HttpStatusCode.BadRequest, "wrong-shape", "{\"user_id\":\"user_12345\"}");
    }

    [Fact]
    public async Task Of_a_user_that_nothing_is_known_of_nothing_is_recommended() =>
        Assert.Empty(Items(await TopAsync(await StartAsync(), """{"user_id":"nobody","top":5}""")));

    [Fact]
    public async Task Every_candidate_counts_as_an_answer_of_the_model()
    {
        await using var node = await StartAsync();
        node.Store.Click("u", "a", "c1", "view", Newest - Minute);
        await TopAsync(node, """{"user_id":"u","top":5}""");
        var models = JsonDocument.Parse(await node.Client.GetStringAsync("/models")).RootElement.GetProperty("models").EnumerateArray();
        Assert.Equal(1, models.Single(model => model.GetProperty("name").GetString() == PropensityEndpoints.Model).GetProperty("answers").GetInt64());
    }

    [Theory]
    [InlineData("", "malformed-json")]
    [InlineData("{", "malformed-json")]
    [InlineData("""{"item_id":"a"}""", "missing-field")]
    [InlineData("""{"top":5}""", "missing-field")]
    [InlineData("""{"user_id":"u","top":0}""", "invalid-value")]
    [InlineData("""{"user_id":"u","top":21}""", "invalid-value")]
    [InlineData("""{"user_id":"u","top":"5"}""", "invalid-value")]
    [InlineData("""{"user_id":"","top":5}""", "invalid-value")]
    [InlineData("""{"user_id":"u","item_id":"a","top":5}""", "unknown-field")]
    [InlineData("""{"user_id":"u","kind":"look"}""", "invalid-value")]
    public async Task What_is_wrong_is_told(string body, string type)
    {
        await using var node = await StartAsync();
        using var answer = await node.PostAsync("/propensity", body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.EndsWith(type, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("type").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_model_of_that_name_there_is_no_answer()
    {
        await using var node = await TestNode.StartAsync();
        using var answer = await node.PostAsync("/propensity", """{"user_id":"u"}""");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private static async Task<JsonElement> TopAsync(TestNode node, string body)
    {
        using var answer = await node.PostAsync("/propensity", body);
        var json = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, json);
        return JsonDocument.Parse(json).RootElement;
    }

    private static (string Item, string Category, float Score)[] Items(JsonElement root) =>
    [
        .. root.GetProperty("items").EnumerateArray().Select(item => (
            item.GetProperty("item_id").GetString()!, item.GetProperty("category").GetString()!, item.GetProperty("score").GetSingle())),
    ];

    private static Task<TestNode> StartAsync() => TestNode.StartAsync(isShipped: true, others: catalog =>
    {
        var file = Path.Combine(RepositoryRoot.Path, "schemas", "models", "propensity.conf");
        var (models, diagnostics) = ModelDefinitions.Parse(
            [("fraud.conf", File.ReadAllText(Path.Combine(Path.GetDirectoryName(file)!, "fraud.conf"))), (file, File.ReadAllText(file))], catalog);
        Assert.Empty(diagnostics);
        var (definition, service) = (models.Single(model => model.Name == "propensity"), catalog.FindService("propensity")!);
        return [new Scorer(definition, service, new ByPurchases(service.FeatureNames.IndexOf("item_clicks.purchases_7d")))];
    });

    /// <summary>A tenth for each purchase of the item.</summary>
    private sealed class ByPurchases(int column) : IScoringModel
    {
        public string Version => "test";

        public ImmutableArray<BaselineHistogram> Baseline => [];

        public float Score(ReadOnlySpan<float> features) => float.IsNaN(features[column]) ? 0 : features[column] / 10;
    }
}
