using System.Text;
using System.Text.Json;
using Streaming.Cli.Shell;
using Streaming.Scoring.Registry;

namespace Streaming.Cli.Tests;

/// <summary>What goes back to past answers, where versions of the registry gave them.</summary>
public sealed class PromotedVersionSpec : IAsyncLifetime, IDisposable
{
    private const int AnswersOfEach = 5;
    private readonly Cli _cli = new();
    private string _champion = "";

    public async Task InitializeAsync()
    {
        for (var seed = 1; seed <= 2; seed++)
        {
            SmallModel.Write(_cli.PathOf("m.onnx"), seed);
            await OkAsync($"models register {_cli.PathOf("m.onnx")} --model fraud");
            await OkAsync("models promote fraud latest");
            await using var node = await RunningNode.StartAsync(_cli, "");
            using var client = new HttpClient { BaseAddress = node.Url };
            for (var i = 0; i < AnswersOfEach; i++)
            {
                using var content = new StringContent($$"""{"card_id":"c{{i}}","amount":{{i}}}""", Encoding.UTF8, "application/json");
                Assert.True((await client.PostAsync("/score", content)).IsSuccessStatusCode, node.Output);
            }
        }

        var versions = new ModelFolder(new RegistryFolder(Path.Combine(_cli.Data, "models"), TimeProvider.System)).Require("fraud").Versions;
        _champion = $"fraud@{versions[1].Tags[VersionTags.FileHash][..8]}";
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Each_answer_is_derived_again_by_the_version_that_gave_it()
    {
        var root = await JsonAsync("explain --json");
        Assert.Equal(2 * AnswersOfEach, root.GetProperty("answers").GetInt32());
        Assert.True(root.GetProperty("same").GetInt32() == 2 * AnswersOfEach, root.ToString());
    }

    [Fact]
    public async Task Other_thresholds_are_tried_on_the_version_that_is_served()
    {
        var root = await JsonAsync("whatif --threshold 0,1 --json");
        Assert.Equal(_champion, root.GetProperty("model").GetString());
    }

    [Fact]
    public async Task Drift_is_that_of_the_version_that_is_served()
    {
        var root = await JsonAsync("drift --json");
        Assert.Equal(_champion, root.GetProperty("model").GetString());
        Assert.Equal(AnswersOfEach, root.GetProperty("features")[0].GetProperty("rows").GetInt32());
    }

    [Fact]
    public async Task Figures_of_no_answers_are_null()
    {
        var feature = (await JsonAsync("drift --json --since 1999-01-01T00:00:00Z --until 2000-01-01T00:00:00Z")).GetProperty("features")[0];
        Assert.Equal(
            (JsonValueKind.Null, JsonValueKind.Null, JsonValueKind.Null),
            (feature.GetProperty("psi").ValueKind, feature.GetProperty("bound").ValueKind, feature.GetProperty("wasserstein").ValueKind));
    }

    private async Task<JsonElement> JsonAsync(string line) => JsonDocument.Parse((await OkAsync(line)).Out).RootElement;

    private async Task<CliAnswer> OkAsync(string line)
    {
        var answer = await _cli.RunAsync(line);
        Assert.True(answer.Code == ExitCode.Ok, answer.Out + answer.Error);
        return answer;
    }
}
