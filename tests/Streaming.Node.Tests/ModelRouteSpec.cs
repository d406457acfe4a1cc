using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Node.Admin;
using Streaming.Node.Running;
using Streaming.Node.Tests.Fakes;

namespace Streaming.Node.Tests;

/// <summary>Several models by name, and putting another version of one in use.</summary>
public sealed class ModelRouteSpec : IDisposable
{
    private readonly TempFolder _folder = new();

    private static string Shipped => Path.Combine(RepositoryRoot.Path, "schemas", "models", "fraud.onnx");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("/models/second/score", """{"card_id":"c"}""", "{0}")]
    [InlineData("/models/second/score/", """{"card_id":"c"}""", "{0}")]
    [InlineData("/models/second/score/batch", """[{"card_id":"c"}]""", "[{0}]")]
    public async Task A_model_answers_by_its_name_under_its_own_rules(string path, string body, string answered)
    {
        await using var node = await TestNode.StartAsync(hasSecond: true);
        node.Model.Failure = new InvalidOperationException("no");
        using var answer = await node.PostAsync(path, body);
        var one = """{"card_id":"c","score":0.4,"decision":"decline","reasons":[],"model":"second@test","at":"2018-08-01T00:00:00.000Z","as_of":"2018-08-01T00:00:00.000Z","fallback":true,"fallback_reason":"model_failed","features_stale":false,"entities_missing":["terminal"]}""";
        Assert.Equal(answered.Replace("{0}", one, StringComparison.Ordinal), await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task The_champion_answers_by_its_name_too_and_each_model_counts_its_own()
    {
        await using var node = await TestNode.StartAsync(hasSecond: true);
        foreach (var path in new[] { "/score", "/models/fraud/score", "/models/second/score" })
        {
            using var answer = await node.PostAsync(path, """{"card_id":"c","amount":1}""");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        var models = await ModelsAsync(node);
        Assert.Equal(
            [("fraud", "fraud@test", true, 2L), ("second", "second@test", false, 1L)],
            models.Select(one => (one.GetProperty("name").GetString()!, one.GetProperty("id").GetString()!, one.GetProperty("champion").GetBoolean(), one.GetProperty("answers").GetInt64())));
    }

    [Theory]
    [InlineData("/models/secnd/score")]
    [InlineData("/models/secnd/score/batch")]
    public async Task A_model_that_there_is_not_is_a_404_that_names_the_nearest(string path)
    {
        await using var node = await TestNode.StartAsync(hasSecond: true);
        using var answer = await node.PostAsync(path, """{"card_id":"c"}""");
        await ProblemAssert.IsAsync(answer, HttpStatusCode.NotFound, "unknown-model", "second");
    }

    [Fact]
    public async Task The_admin_server_swaps_a_model_for_a_file()
    {
        await using var node = await TestNode.StartAsync(isShipped: true);
        await using var admin = await AdminAsync(node);
        var (status, body) = await SwapAsync($"models/fraud/swap?file={Uri.EscapeDataString(Shipped)}");
        Assert.Equal((HttpStatusCode.OK, "fraud@test"), (status, body.GetProperty("from").GetString()));
        using var answer = await node.PostAsync("/score", """{"card_id":"c","amount":1}""");
        Assert.Contains($"\"model\":\"{body.GetProperty("to").GetString()}\"", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.NotEqual("fraud@test", body.GetProperty("to").GetString());
        Assert.Equal(1, await node.MetricAsync("streaming_model_swaps_total{model=\"fraud\"}"));
        Assert.Contains($"model=\"{body.GetProperty("to").GetString()}\"", await node.Client.GetStringAsync("/metrics"), StringComparison.Ordinal);
        Assert.DoesNotContain("fraud@test", await node.Client.GetStringAsync("/metrics"), StringComparison.Ordinal);

        var (again, reloaded) = await SwapAsync("models/fraud/swap");
        Assert.Equal((HttpStatusCode.OK, Shipped), (again, reloaded.GetProperty("file").GetString()));
    }

    [Theory]
    [InlineData("models/fraud/swap?file=/nowhere/fraud.onnx", HttpStatusCode.UnprocessableEntity, "there is no such file")]
    [InlineData("models/fraud/swap?fingerprint=0123", HttpStatusCode.UnprocessableEntity, "0123")]
    [InlineData("models/fraud/swap?fiel=/nowhere/fraud.onnx", HttpStatusCode.BadRequest, "\"fiel\" is not a parameter here, expected \"file\" or \"fingerprint\"")]
    [InlineData("models/third/swap?file=x", HttpStatusCode.NotFound, "there are fraud")]
    public async Task A_swap_that_cannot_be_made_says_why_and_changes_nothing(string path, HttpStatusCode expected, string detail)
    {
        await using var node = await TestNode.StartAsync();
        await using var admin = await AdminAsync(node);
        var (status, body) = await SwapAsync(path);
        Assert.Equal(expected, status);
        Assert.Contains(detail, body.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal("fraud@test", (await ModelsAsync(node))[0].GetProperty("id").GetString());
    }

    private static async Task<JsonElement[]> ModelsAsync(TestNode node)
    {
        using var json = JsonDocument.Parse(await node.Client.GetStringAsync("/models"));
        return [.. json.RootElement.GetProperty("models").EnumerateArray().Select(one => one.Clone())];
    }

    private Task<AdminHost?> AdminAsync(TestNode node) => AdminHost.StartAsync(
        TestNode.Settings($"log.embedded.directory = \"{_folder.FullName}\""),
        NullLoggerFactory.Instance,
        routes => routes.MapPost(ModelAdmin.Path, AdminQuery.Takes(new ModelAdmin(node.Models).SwapAsync, "file", "fingerprint")),
        CancellationToken.None);

    private async Task<(HttpStatusCode Status, JsonElement Body)> SwapAsync(string path)
    {
        var (token, address) = new AdminFiles(_folder.FullName).Read()!.Value;
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var answer = await client.PostAsync(new Uri(address, path), content: null);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return (answer.StatusCode, json.RootElement.Clone());
    }
}
