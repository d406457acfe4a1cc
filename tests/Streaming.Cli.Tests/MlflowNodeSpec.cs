using System.Collections.Immutable;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Streaming.Cli.Shell;
using Streaming.Node.Admin;
using Streaming.Offline.MLflow;
using Streaming.Scoring.Registry;

namespace Streaming.Cli.Tests;

/// <summary>A node as an MLflow server: our own client of MLflow and plain requests against it, over the node's folder.</summary>
public sealed class MlflowNodeSpec : IDisposable
{
    private const string Api = "/api/2.0/mlflow/";
    private static readonly CancellationToken s_none = CancellationToken.None;
    private readonly Cli _cli = new();

    public MlflowNodeSpec() => _cli["USER"] = "ada";

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task What_our_client_writes_over_the_api_is_what_the_folder_has()
    {
        await using var node = await RunningNode.StartAsync(_cli, "");
        using var registry = Connect();
        var run = await LogAsync(registry, 1);
        Assert.Equal(1, (await RegisterAsync(registry, 1, run)).Version);
        SmallModel.Write(_cli.PathOf("m2.onnx"), 2);
        foreach (var line in (string[])[$"register {_cli.PathOf("m2.onnx")} --model fraud", "promote fraud 1", "promote fraud 2", "rollback fraud", "archive fraud 2"])
        {
            var answer = await _cli.RunAsync("models " + line);
            Assert.True(answer.Code == ExitCode.Ok, $"{line}: {answer.Error}");
        }

        var models = new ModelFolder(Folder());
        var (own, seen) = (models.Require("fraud"), await registry.GetAsync("fraud", s_none));
        Assert.Equal(1, own.Aliases[RegisteredModel.Champion]);
        Assert.Equal(own.Aliases, seen.Aliases);
        Assert.Equal([(1, 0, "ada", false), (2, 1, "ada", false), (1, 2, "ada", true)], own.History.Select(move => (move.Version, move.Previous, move.By, move.IsRollback)));
        Assert.Equal(own.History.AsEnumerable(), seen.History);
        Assert.Equal(["fraud"], (await registry.ListAsync(s_none)).Select(model => model.Name));
        foreach (var version in own.Versions)
        {
            var other = seen.Require(version.Version);
            Assert.Equal(version.Tags, other.Tags);
            Assert.Equal(version.Params, other.Params);
            Assert.Equal(version.Metrics, other.Metrics);
            Assert.Equal(await File.ReadAllBytesAsync(_cli.PathOf($"m{version.Version}.onnx")), await File.ReadAllBytesAsync(models.PathOf("fraud", version.Version)));
        }

        Assert.Equal((true, run), (own.Versions[1].IsArchived, own.Versions[0].RunId));
        Assert.Equal(0.9, own.Versions[0].Metrics["auc"]);
        var written = new RunFolder(Folder()).Require(run);
        Assert.Equal((RunStatus.Finished, 2_501), (written.Status, written.Metrics.Length));
        Assert.Equal("report", await File.ReadAllTextAsync(new ArtifactFolder(Folder()).Find(ArtifactFolder.PathOfUri(ArtifactFolder.UriOf(written)) + "/a/report.md")));
    }

    [Fact]
    public async Task The_public_port_reads_and_does_not_write()
    {
        await using var node = await RunningNode.StartAsync(_cli, "");
        using (var registry = Connect())
        {
            await RegisterAsync(registry, 1, await LogAsync(registry, 1));
            await registry.MoveAliasAsync("fraud", new(RegisteredModel.Champion, 1, 0, "ada", 1, false), s_none);
        }

        using var http = new HttpClient { BaseAddress = node.Url };
        var version = await GetAsync(http, Api + "registered-models/alias?name=fraud&alias=champion");
        Assert.Equal("1", (string)version["model_version"]!["version"]!);
        var uri = (string)(await GetAsync(http, Api + "model-versions/get-download-uri?name=fraud&version=1"))["artifact_uri"]!;
        Assert.Equal("mlflow-artifacts:/registered/fraud/1", uri);
        Assert.Equal(await File.ReadAllBytesAsync(_cli.PathOf("m1.onnx")), await http.GetByteArrayAsync("/api/2.0/mlflow-artifacts/artifacts/registered/fraud/1/model.onnx"));
        Assert.Equal("model.onnx", (string)(await GetAsync(http, "/api/2.0/mlflow-artifacts/artifacts?path=registered/fraud/1"))["files"]![0]!["path"]!);
        var found = await PostAsync(http, "runs/search", """{"experiment_ids":["1"],"filter":"metrics.auc > 0.8 and params.leaves = '15'","order_by":["metrics.auc DESC"]}""");
        var run = (string)found.Body["runs"]!.AsArray().Single()!["info"]!["run_id"]!;
        Assert.Equal(
            ["Default", "fraud"],
            (await PostAsync(http, "experiments/search", """{"order_by":["name ASC"]}""")).Body["experiments"]!.AsArray().Select(each => (string)each!["name"]!));
        Assert.Empty((await PostAsync(http, "runs/search", """{"experiment_ids":["1"],"filter":"metrics.auc > 0.95"}""")).Body["runs"]!.AsArray());
        var history = await GetAsync(http, Api + $"metrics/get-history?run_id={run}&metric_key=loss&max_results=2000");
        Assert.Equal((2_000, "2000"), (history["metrics"]!.AsArray().Count, (string)history["next_page_token"]!));
        var outputs = (await GetAsync(http, Api + $"runs/get?run_id={run}"))["run"]!["outputs"]!["model_outputs"]!.AsArray();
        var logged = await GetAsync(http, Api + $"logged-models/{(string)outputs.Single()!["model_id"]!}");
        Assert.Equal("LOGGED_MODEL_READY", (string)logged["model"]!["info"]!["status"]!);
        Assert.False((bool)(await GetAsync(http, "/api/3.0/mlflow/server-info"))["workspaces_enabled"]!);

        Assert.Equal((HttpStatusCode.Forbidden, "PERMISSION_DENIED"), await ErrorAsync(http, HttpMethod.Post, Api + "registered-models/create", """{"name":"x"}"""));
        Assert.Equal((HttpStatusCode.Forbidden, "PERMISSION_DENIED"), await ErrorAsync(http, HttpMethod.Put, $"/api/2.0/mlflow-artifacts/artifacts/1/{run}/artifacts/x", "x"));
        Assert.Equal((HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST"), await ErrorAsync(http, HttpMethod.Get, Api + "registered-models/get?name=x", null));
        Assert.Equal((HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST"), await ErrorAsync(http, HttpMethod.Get, Api + "runs/get?run_id=../../models/fraud", null));
        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE"), await ErrorAsync(http, HttpMethod.Get, "/api/2.0/mlflow-artifacts/artifacts?path=../models", null));
        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE"), await ErrorAsync(http, HttpMethod.Post, Api + "runs/search", "[1"));
        Assert.Equal((HttpStatusCode.NotFound, "ENDPOINT_NOT_FOUND"), await ErrorAsync(http, HttpMethod.Post, Api + "traces", "{}"));
    }

    [Fact]
    public async Task Logged_models_come_in_the_order_that_is_asked_for_and_the_version_is_told()
    {
        await using var node = await RunningNode.StartAsync(_cli, "");
        using var http = Admin();
        foreach (var (name, tag) in ((string, string)[])[("b", "1"), ("c", "2"), ("a", "1")])
        {
            Assert.Equal(HttpStatusCode.OK, (await PostAsync(
                http, "logged-models", $$"""{"experiment_id":"0","name":"{{name}}","tags":[{"key":"t","value":"{{tag}}"}]}""")).Status);
        }

        async Task<string> NamesAsync(string members)
        {
            var found = await PostAsync(http, "logged-models/search", $$"""{"experiment_ids":["0"],{{members}}}""");
            return string.Join(' ', found.Body["models"]!.AsArray().Select(model => (string)model!["info"]!["name"]!));
        }

        Assert.Equal("a b c", await NamesAsync("\"order_by\":[{\"field_name\":\"name\"}]"));
        Assert.Equal("c b a", await NamesAsync("\"order_by\":[{\"field_name\":\"name\",\"ascending\":false}]"));
        Assert.Equal("c a b", await NamesAsync("\"order_by\":[{\"field_name\":\"tags.t\",\"ascending\":false},{\"field_name\":\"name\"}]"));
        Assert.Equal("a c", await NamesAsync("\"filter\":\"name NOT IN ('b')\",\"order_by\":[\"name ASC\"]"));

        using var answer = await http.GetAsync(new Uri("/version", UriKind.Relative));
        Assert.Equal("3.10.0", await answer.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("runs/log-batch", """{"run_id":"RUN","metrics":[{"key":"m","value":1,"timestamp":1,"step":9223372036854775808}]}""")]
    [InlineData("runs/log-batch", """{"run_id":"RUN","metrics":[{"key":"m","value":1,"timestamp":"soon","step":1}]}""")]
    [InlineData("runs/log-batch", """{"run_id":"RUN","params":[{"key":"p","value":"1"},{"key":"p","value":"2"}]}""")]
    [InlineData("runs/search", """{"experiment_ids":["1"],"page_token":"99999999999"}""")]
    public async Task What_cannot_be_kept_as_it_was_sent_is_refused(string path, string body)
    {
        await using var node = await RunningNode.StartAsync(_cli, "");
        using var registry = Connect();
        var run = await LogAsync(registry, 1);
        using var http = Admin();
        Assert.Equal(
            (HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE"),
            await ErrorAsync(http, HttpMethod.Post, Api + path, body.Replace("RUN", run, StringComparison.Ordinal)));
        var kept = new RunFolder(Folder()).Require(run);
        Assert.Equal((2_501, false), (kept.Metrics.Length, kept.Params.ContainsKey("p")));
    }

    [Fact]
    public async Task A_deleted_run_takes_no_values_until_it_is_restored()
    {
        await using var node = await RunningNode.StartAsync(_cli, "");
        using var registry = Connect();
        var run = await LogAsync(registry, 1);
        using var http = Admin();
        var (id, param) = ($$"""{"run_id":"{{run}}"}""", $$"""{"run_id":"{{run}}","key":"p","value":"1"}""");
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(http, "runs/delete", id)).Status);
        Assert.Equal((HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE"), await ErrorAsync(http, HttpMethod.Post, Api + "runs/log-parameter", param));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(http, "runs/restore", id)).Status);
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(http, "runs/log-parameter", param)).Status);
    }

    [Theory]
    [InlineData("a")]
    [InlineData("a/report.md/x")]
    [InlineData("a/report.md/x/y")]
    [InlineData("..%2f..%2fx")]
    public async Task A_file_takes_no_folder_s_place_and_leads_nowhere_else(string path)
    {
        await using var node = await RunningNode.StartAsync(_cli, "");
        using var registry = Connect();
        var run = await LogAsync(registry, 1);
        using var http = Admin();
        Assert.Equal(
            (HttpStatusCode.BadRequest, "INVALID_PARAMETER_VALUE"),
            await ErrorAsync(http, HttpMethod.Put, $"/api/2.0/mlflow-artifacts/artifacts/1/{run}/artifacts/{path}", "x"));
    }

    [Fact]
    public async Task The_admin_address_asks_for_its_token()
    {
        await using var node = await RunningNode.StartAsync(_cli, "");
        _cli["MLFLOW_TRACKING_URI"] = new AdminFiles(_cli.Data).Read()!.Value.Address.ToString();
        var answer = await _cli.RunAsync("models list");
        Assert.Equal(ExitCode.Usage, answer.Code);
        Assert.Contains("answered 401: an empty body; set MLFLOW_TRACKING_USERNAME and _PASSWORD, or MLFLOW_TRACKING_TOKEN", answer.Fault, StringComparison.Ordinal);
    }

    private RegistryFolder Folder() => new(Path.Combine(_cli.Data, "models"), TimeProvider.System);

    private MlflowModelRegistry Connect()
    {
        var (token, address) = new AdminFiles(_cli.Data).Read()!.Value;
        (_cli["MLFLOW_TRACKING_URI"], _cli["MLFLOW_TRACKING_TOKEN"]) = (address.ToString(), token);
        return new MlflowModelRegistry(MlflowSettings.Read(_cli.Variable)!, TimeProvider.System);
    }

    private HttpClient Admin()
    {
        var (token, address) = new AdminFiles(_cli.Data).Read()!.Value;
        return new HttpClient { BaseAddress = address, DefaultRequestHeaders = { Authorization = new("Bearer", token) } };
    }

    private async Task<string> LogAsync(MlflowModelRegistry registry, int seed)
    {
        SmallModel.Write(_cli.PathOf($"m{seed}.onnx"), seed);
        await File.WriteAllTextAsync(_cli.PathOf("report.md"), "report");
        return await registry.LogRunAsync(
            new RunDraft
            {
                Experiment = "fraud",
                Name = "first",
                By = "ada",
                Started = DateTimeOffset.UnixEpoch.AddSeconds(1),
                Ended = DateTimeOffset.UnixEpoch.AddSeconds(2),
                Params = ImmutableSortedDictionary<string, string>.Empty.Add("leaves", "15"),
                Metrics = [new("auc", 0.9, 1, 0), .. Enumerable.Range(0, 2_500).Select(step => new MetricPoint("loss", 1.0 / (step + 1), step, step))],
                Artifacts = [("a/report.md", _cli.PathOf("report.md"))],
            },
            s_none);
    }

    private Task<ModelVersion> RegisterAsync(MlflowModelRegistry registry, int seed, string run) => registry.RegisterAsync(
        new VersionDraft { Name = "fraud", Experiment = "fraud", By = "ada", File = _cli.PathOf($"m{seed}.onnx"), RunId = run }, s_none);

    private static async Task<JsonNode> GetAsync(HttpClient http, string path)
    {
        using var answer = await http.GetAsync(path);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        return JsonNode.Parse(text)!;
    }

    private static async Task<(HttpStatusCode Status, JsonNode Body)> PostAsync(HttpClient http, string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await http.PostAsync(Api + path, content);
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync())!);
    }

    private static async Task<(HttpStatusCode Status, string Code)> ErrorAsync(HttpClient http, HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") };
        using var answer = await http.SendAsync(request);
        var error = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.NotEmpty((string)error["message"]!);
        return (answer.StatusCode, (string)error["error_code"]!);
    }
}
