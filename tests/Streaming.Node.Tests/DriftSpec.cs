using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Streaming.Node.Tests.Fakes;
using Streaming.Scoring.Drift;

namespace Streaming.Node.Tests;

/// <summary>GET /drift and its metrics, over a model whose training had amounts from 0 to 99.</summary>
public sealed class DriftSpec
{
    private const string Often = "drift.interval = 100ms";

    [Fact]
    public async Task Amounts_that_training_has_not_are_drift()
    {
        await using var node = await TestNode.StartAsync(Often, like: new FakeModel { Baseline = Baseline() });
        for (var i = 0; i < DriftBound.RowsMin; i++)
        {
            using var answer = await node.PostAsync("/score", $$"""{"card_id":"c","amount":{{500 + i}}}""");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        var body = await LookAsync(node);
        await Eventually.TrueAsync("a look after them", async () => RowsOf(body = await LookAsync(node)) == DriftBound.RowsMin);
        Assert.Equal("significant", body.GetProperty("level").GetString());
        var amount = body.GetProperty("features")[0];
        Assert.Equal(1, amount.GetProperty("outside_ratio").GetDouble());
        Assert.Equal("significant", amount.GetProperty("level").GetString());
        var name = amount.GetProperty("name").GetString();
        Assert.Equal(2, await node.MetricAsync($$"""streaming_drift_level{feature="{{name}}"}"""));
        Assert.True(await node.MetricAsync($$"""streaming_drift_psi{feature="{{name}}"}""") > DriftBound.Significant);
    }

    [Fact]
    public async Task Fallbacks_are_not_what_the_model_is_asked_for()
    {
        var model = new FakeModel { Baseline = Baseline(), Failure = new InvalidOperationException("no") };
        await using var node = await TestNode.StartAsync(Often, like: model);
        using var fallback = await node.PostAsync("/score", """{"card_id":"c","amount":5}""");
        model.Failure = null;
        using var answer = await node.PostAsync("/score", """{"card_id":"c","amount":5}""");
        await Eventually.TrueAsync("a look after them", async () => RowsOf(await LookAsync(node)) > 0);
        var body = await LookAsync(node);
        Assert.Equal((1, "too_few_rows"), (RowsOf(body), body.GetProperty("level").GetString()));
    }

    [Fact]
    public async Task A_model_without_a_baseline_is_a_404_that_says_so()
    {
        await using var node = await TestNode.StartAsync();
        using var answer = await node.Client.GetAsync("/drift");
        await ProblemAssert.IsAsync(answer, HttpStatusCode.NotFound, "no-baseline", "streaming train");
    }

    private static async Task<JsonElement> LookAsync(TestNode node)
    {
        using var json = JsonDocument.Parse(await node.Client.GetStringAsync("/drift"));
        return json.RootElement.Clone();
    }

    private static long RowsOf(JsonElement body) =>
        body.GetProperty("features") is var features && features.GetArrayLength() > 0 ? features[0].GetProperty("rows").GetInt64() : 0;

    private static ImmutableArray<BaselineHistogram> Baseline()
    {
        var catalog = Samples.Catalog(Samples.Features);
        var service = catalog.FindService(Samples.Model(catalog).Service)!;
        var names = service.FeatureNames;
        return
        [
            .. names.Select(name => BaselineBuilder.Of(name, [.. Enumerable.Range(0, 1_000).Select(i => (double)(i % 100))])),
            BaselineBuilder.Of(BaselineHistogram.Score, [.. Enumerable.Range(0, 1_000).Select(i => i / 10_000.0)]),
        ];
    }
}
