using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Streaming.Offline.MLflow;
using Streaming.Scoring.Registry;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace Streaming.Offline.Tests.MLflow;

/// <summary>The REST conversation with MLflow: what is asked, in the shapes of its protos, and what is made of its answers.</summary>
public sealed class MlflowModelRegistrySpec : IDisposable
{
    private const string Api = "/api/2.0/mlflow/";
    private static readonly CancellationToken s_none = CancellationToken.None;
    private readonly WireMockServer _server = WireMockServer.Start();
    private readonly TempFolder _folder = new();

    public MlflowModelRegistrySpec() => File.WriteAllText(_folder["m.onnx"], "onnx");

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task A_run_is_created_filled_and_ended()
    {
        Answer("GET", "experiments/get-by-name", """{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"none"}""", 404);
        Answer("POST", "experiments/create", """{"experiment_id":"7"}""");
        Answer("POST", "runs/create", """{"run":{"info":{"run_id":"r1","artifact_uri":"mlflow-artifacts:/7/r1/artifacts"}}}""");
        Answer("POST", "runs/log-batch", "{}");
        Answer("POST", "runs/update", "{}");
        Answer("PUT", "/api/2.0/mlflow-artifacts/artifacts/7/r1/artifacts/plots/a b.md", "{}");
        using var registry = Open();
        Assert.Equal("r1", await registry.LogRunAsync(Draft(), s_none));
        Assert.Equal(
            [
                "GET experiments/get-by-name", "POST experiments/create", "POST runs/create", "POST runs/log-batch", "POST runs/log-batch",
                "PUT /api/2.0/mlflow-artifacts/artifacts/7/r1/artifacts/plots/a b.md", "POST runs/update",
            ],
            Asked());
        var create = Body("runs/create");
        Assert.Equal(("7", "first", 1_000L), ((string)create["experiment_id"]!, (string)create["run_name"]!, (long)create["start_time"]!));
        var metric = Bodies("runs/log-batch")[0]["metrics"]![0]!;
        Assert.Equal(("auc", "NaN", 5L, 2L), ((string)metric["key"]!, (string)metric["value"]!, (long)metric["timestamp"]!, (long)metric["step"]!));
        Assert.Equal("15", (string)Bodies("runs/log-batch")[1]["params"]![0]!["value"]!);
        Assert.Equal(("FINISHED", 2_000L), ((string)Body("runs/update")["status"]!, (long)Body("runs/update")["end_time"]!));
    }

    [Fact]
    public async Task A_run_that_cannot_be_filled_is_ended_as_failed()
    {
        Answer("GET", "experiments/get-by-name", """{"experiment":{"experiment_id":"7","lifecycle_stage":"active"}}""");
        Answer("POST", "runs/create", """{"run":{"info":{"run_id":"r1","artifact_uri":"s3://bucket/7/r1/artifacts"}}}""");
        Answer("POST", "runs/log-batch", "{}");
        Answer("POST", "runs/update", "{}");
        using var registry = Open();
        var fault = await Assert.ThrowsAsync<RegistryException>(() => registry.LogRunAsync(Draft(), s_none));
        Assert.Contains("keeps artifacts at s3://bucket/7/r1/artifacts, which only its own client can write; start it with --serve-artifacts", fault.Message, StringComparison.Ordinal);
        Assert.Equal("FAILED", (string)Body("runs/update")["status"]!);
    }

    [Theory]
    [InlineData(2_500, 250, 250, 3, 3, 3)]
    [InlineData(1, 0, 0, 1, 0, 0)]
    [InlineData(0, 0, 0, 0, 0, 0)]
    public void What_is_logged_is_cut_into_requests_within_the_limits(int metrics, int parameters, int tags, int m, int p, int t)
    {
        static IEnumerable<JsonNode> Items(int count, int length) =>
            Enumerable.Range(0, count).Select(i => (JsonNode)new JsonObject { ["key"] = $"k{i}", ["value"] = new string('ä', length) });
        var bodies = MlflowBatches.Of("r", Items(metrics, 1), Items(parameters, 1), Items(tags, 1)).ToList();
        int Count(string member) => bodies.Count(body => body.ContainsKey(member));
        Assert.Equal((m, p, t), (Count("metrics"), Count("params"), Count("tags")));
        Assert.Equal(metrics, bodies.Where(body => body.ContainsKey("metrics")).Sum(body => body["metrics"]!.AsArray().Count));
        var large = MlflowBatches.Of("r", [], Items(100, 6_000), []).ToList();
        Assert.Equal(100, large.Sum(body => body["params"]!.AsArray().Count));
        Assert.All(large, body => Assert.True(body.ToJsonString().Length <= 1_000_000, $"{body.ToJsonString().Length} bytes"));
    }

    [Fact]
    public async Task A_version_is_a_logged_model_that_is_registered()
    {
        Answer("GET", "experiments/get-by-name", """{"experiment":{"experiment_id":"7"}}""");
        Answer("POST", "logged-models", """{"model":{"info":{"model_id":"m-1","artifact_uri":"mlflow-artifacts:/7/models/m-1/artifacts"}}}""");
        Answer("PUT", "/api/2.0/mlflow-artifacts/artifacts/7/models/m-1/artifacts/model.onnx", "{}");
        Answer("PATCH", "logged-models/m-1", "{}");
        Answer("POST", "runs/outputs", "{}");
        Answer("POST", "registered-models/create", """{"error_code":"RESOURCE_ALREADY_EXISTS","message":"there"}""", 400);
        Answer("POST", "model-versions/create", """{"model_version":{"name":"fraud","version":"3","creation_timestamp":"1700000000000","tags":[{"key":"a","value":"b"}]}}""");
        using var registry = Open();
        var version = await registry.RegisterAsync(Version(), s_none);
        Assert.Equal((3, 1_700_000_000_000, "b"), (version.Version, version.CreatedAt, version.Tags["a"]));
        Assert.Equal("LOGGED_MODEL_READY", (string)Body("logged-models/m-1")["status"]!);
        Assert.Equal(("r1", "m-1"), ((string)Body("runs/outputs")["run_id"]!, (string)Body("runs/outputs")["models"]![0]!["model_id"]!));
        var create = Body("model-versions/create");
        Assert.Equal(("fraud", "models:/m-1", "m-1", "r1"), ((string)create["name"]!, (string)create["source"]!, (string)create["model_id"]!, (string)create["run_id"]!));
        var tags = create["tags"]!.AsArray().ToDictionary(tag => (string)tag!["key"]!, tag => (string)tag!["value"]!);
        Assert.Equal(("x", "ada"), (tags["small"], tags[VersionTags.RegisteredBy]));
        Assert.False(tags.ContainsKey("large"), "MLflow's tags end at 5000 characters");
    }

    [Fact]
    public async Task A_server_without_logged_models_gets_the_file_below_the_run()
    {
        Answer("GET", "experiments/get-by-name", """{"experiment":{"experiment_id":"7"}}""");
        Answer("POST", "logged-models", "<html>Not Found</html>", 404);
        Answer("GET", "runs/get", """{"run":{"info":{"run_id":"r1","artifact_uri":"http://h/api/2.0/mlflow-artifacts/artifacts/7/r1/artifacts"}}}""");
        Answer("PUT", "/api/2.0/mlflow-artifacts/artifacts/7/r1/artifacts/model/model.onnx", "{}");
        Answer("POST", "registered-models/create", "{}");
        Answer("POST", "model-versions/create", """{"model_version":{"name":"fraud","version":"1"}}""");
        using var registry = Open();
        Assert.Equal(1, (await registry.RegisterAsync(Version(), s_none)).Version);
        Assert.Equal("http://h/api/2.0/mlflow-artifacts/artifacts/7/r1/artifacts/model", (string)Body("model-versions/create")["source"]!);
    }

    [Fact]
    public async Task Models_come_in_pages_with_their_versions()
    {
        _server.Given(Request.Create().WithPath(Api + "registered-models/search").WithParam("page_token", "p2").UsingGet()).AtPriority(1)
            .RespondWith(Response.Create().WithBody("""{"registered_models":[{"name":"b"}]}"""));
        Answer("GET", "registered-models/search", """{"registered_models":[{"name":"a","aliases":[{"alias":"champion","version":"2"}]}],"next_page_token":"p2"}""");
        Answer("GET", "model-versions/search", """{"model_versions":[{"name":"a","version":"2"},{"name":"a","version":"1","tags":[{"key":"streaming.archived","value":"x"}]}]}""");
        using var registry = Open();
        var models = await registry.ListAsync(s_none);
        Assert.Equal(["a", "b"], models.Select(model => model.Name));
        Assert.Equal([(1, true), (2, false)], models[0].Versions.Select(version => (version.Version, version.IsArchived)));
        Assert.Equal(2, models[0].Aliases["champion"]);
        Assert.Contains("filter=name%3D%27a%27", _server.LogEntries.Select(entry => entry.RequestMessage!.AbsoluteUrl).First(url => url.Contains("model-versions", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_alias_moves_and_its_history_is_kept_as_a_tag()
    {
        GivenModel("""[{"alias":"champion","version":"1"}]""");
        Answer("POST", "registered-models/alias", "{}");
        Answer("POST", "registered-models/set-tag", "{}");
        using var registry = Open();
        await registry.MoveAliasAsync("fraud", new("champion", 2, 1, "ada", 5, false), s_none);
        Assert.Equal("""{"name":"fraud","alias":"champion","version":"2"}""", Body("registered-models/alias").ToJsonString());
        var tag = Body("registered-models/set-tag");
        Assert.Equal(VersionTags.AliasHistory, (string)tag["key"]!);
        Answer("GET", "registered-models/get", new JsonObject { ["registered_model"] = new JsonObject { ["name"] = "fraud", ["tags"] = new JsonArray(new JsonObject { ["key"] = (string)tag["key"]!, ["value"] = (string)tag["value"]! }) } }.ToJsonString());
        Assert.Equal([new AliasMove("champion", 2, 1, "ada", 5, false)], (await registry.GetAsync("fraud", s_none)).History.AsEnumerable());
        await Assert.ThrowsAsync<RegistryException>(() => registry.MoveAliasAsync("fraud", new("champion", 9, 0, "ada", 5, false), s_none));
    }

    [Fact]
    public async Task Parameters_and_metrics_of_a_version_are_its_runs()
    {
        GivenModel("[]");
        using var registry = Open();
        var version = (await registry.GetAsync("fraud", s_none)).Require(2);
        Assert.Equal(("15", 0.5), (version.Params["leaves"], version.Metrics["auc"]));
        Assert.True(double.IsNaN(version.Metrics["loss"]));
    }

    [Theory]
    [InlineData(404, """{"error_code":"RESOURCE_DOES_NOT_EXIST","message":"Registered Model with name=x not found"}""", RegistryFault.NotFound, "404 RESOURCE_DOES_NOT_EXIST: Registered Model with name=x not found")]
    [InlineData(400, """{"error_code":"INVALID_PARAMETER_VALUE","message":"bad"}""", RegistryFault.Invalid, "400 INVALID_PARAMETER_VALUE: bad")]
    [InlineData(401, "You are not authenticated.", RegistryFault.Refused, "401: You are not authenticated.; set MLFLOW_TRACKING_USERNAME and _PASSWORD, or MLFLOW_TRACKING_TOKEN")]
    [InlineData(403, """{"error_code":"PERMISSION_DENIED","message":"no"}""", RegistryFault.Refused, "403 PERMISSION_DENIED: no; set")]
    [InlineData(503, "<html>\n<b>busy</b>", RegistryFault.Away, "503: <html> <b>busy</b>")]
    [InlineData(500, "", RegistryFault.Away, "500: an empty body")]
    [InlineData(200, "<html>", RegistryFault.Damaged, "is no MLflow server")]
    [InlineData(200, "[]", RegistryFault.Damaged, "is no MLflow server: it is no object")]
    [InlineData(302, "", RegistryFault.Invalid, "302: an empty body")]
    public async Task A_refusal_is_one_line(int status, string body, RegistryFault expected, string text)
    {
        Answer("GET", "registered-models/get", body, status);
        using var registry = Open();
        var fault = await Assert.ThrowsAsync<RegistryException>(() => registry.GetAsync("x", s_none));
        Assert.Equal(expected, fault.Fault);
        Assert.Contains(text, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Theory]
    [InlineData("ada", "secret", "token", "Basic YWRhOnNlY3JldA==")]
    [InlineData(null, null, "token", "Bearer token")]
    [InlineData(null, null, null, null)]
    public async Task Credentials_are_those_of_mlflows_variables(string? user, string? password, string? token, string? expected)
    {
        GivenModel("[]");
        using var registry = Open(("USERNAME", user), ("PASSWORD", password), ("TOKEN", token));
        await registry.GetAsync("fraud", s_none);
        var headers = _server.LogEntries[0].RequestMessage!.Headers!;
        Assert.Equal(expected, headers.TryGetValue("Authorization", out var found) ? found.ToString() : null);
    }

    [Fact]
    public async Task A_server_that_is_not_there_or_hangs_is_told_within_its_bound()
    {
        _server.Given(Request.Create().WithPath(Api + "registered-models/get")).RespondWith(Response.Create().WithDelay(TimeSpan.FromMinutes(1)));
        using var slow = new MlflowModelRegistry(MlflowSettings.Read(Environment())! with { Timeout = TimeSpan.FromMilliseconds(200) }, TimeProvider.System);
        var late = await Assert.ThrowsAsync<RegistryException>(() => slow.GetAsync("x", s_none));
        Assert.Equal((RegistryFault.Away, true), (late.Fault, late.Message.Contains("0.2 s for an answer", StringComparison.Ordinal)));
        using var gone = new MlflowModelRegistry(MlflowSettings.Read(Environment())! with { Server = new("http://127.0.0.1:1/") }, TimeProvider.System);
        var away = await Assert.ThrowsAsync<RegistryException>(() => gone.GetAsync("x", s_none));
        Assert.StartsWith("no MLflow server answers at http://127.0.0.1:1/: ", away.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MLFLOW_TRACKING_URI", "sqlite:///mlflow.db", "is not the URL of a server")]
    [InlineData("MLFLOW_TRACKING_URI", "http://ada:secret@host", "user and password go into MLFLOW_TRACKING_USERNAME")]
    [InlineData("MLFLOW_TRACKING_INSECURE_TLS", "maybe", "is 'maybe', expected true or false")]
    [InlineData("MLFLOW_HTTP_REQUEST_TIMEOUT", "-1", "expected 1 to 3600 seconds")]
    [InlineData("MLFLOW_TRACKING_SERVER_CERT_PATH", "/nowhere.pem", "a certificate of MLflow cannot be read")]
    [InlineData("MLFLOW_TRACKING_CLIENT_CERT_PATH", "/nowhere.pem", "a certificate of MLflow cannot be read")]
    public void A_wrong_variable_is_told_without_its_secret(string name, string value, string expected)
    {
        var fault = Assert.Throws<RegistryException>(() =>
        {
            using var registry = new MlflowModelRegistry(MlflowSettings.Read(each => each == name ? value : each == MlflowSettings.UriVariable ? _server.Url : null)!, TimeProvider.System);
        });
        Assert.Contains(expected, fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Settings_do_not_print_secrets()
    {
        var text = MlflowSettings.Read(Environment(("PASSWORD", "secret1"), ("TOKEN", "secret2")))!.ToString();
        Assert.DoesNotContain("secret", text, StringComparison.Ordinal);
        Assert.Null(MlflowSettings.Read(_ => null));
    }

    private void GivenModel(string aliases)
    {
        Answer("GET", "registered-models/get", $$$"""{"registered_model":{"name":"fraud","aliases":{{{aliases}}}}}""");
        Answer("GET", "model-versions/search", """{"model_versions":[{"name":"fraud","version":"1"},{"name":"fraud","version":"2","run_id":"r1"}]}""");
        Answer("GET", "runs/get", """{"run":{"data":{"params":[{"key":"leaves","value":"15"}],"metrics":[{"key":"auc","value":0.5},{"key":"loss","value":"NaN"}]}}}""");
    }

    private RunDraft Draft() => new()
    {
        Experiment = "fraud a",
        Name = "first",
        By = "ada",
        Started = DateTimeOffset.UnixEpoch.AddSeconds(1),
        Ended = DateTimeOffset.UnixEpoch.AddSeconds(2),
        Params = ImmutableSortedDictionary<string, string>.Empty.Add("leaves", "15"),
        Metrics = [new("auc", double.NaN, 5, 2)],
        Artifacts = [("plots/a b.md", _folder["m.onnx"])],
    };

    private VersionDraft Version() => new()
    {
        Name = "fraud",
        Experiment = "fraud",
        By = "ada",
        File = _folder["m.onnx"],
        RunId = "r1",
        Tags = ImmutableSortedDictionary<string, string>.Empty.Add("small", "x").Add("large", new string('x', 5_001)),
    };

    private Func<string, string?> Environment(params (string Name, string? Value)[] more) => name =>
        name == MlflowSettings.UriVariable ? _server.Url : more.FirstOrDefault(each => "MLFLOW_TRACKING_" + each.Name == name).Value;

    private MlflowModelRegistry Open(params (string Name, string? Value)[] more) => new(MlflowSettings.Read(Environment(more))!, TimeProvider.System);

    private void Answer(string method, string path, string body, int status = 200) => _server
        .Given(Request.Create().WithPath(path.StartsWith('/') ? path : Api + path).UsingMethod(method))
        .AtPriority(10)
        .RespondWith(Response.Create().WithStatusCode(status).WithHeader("Content-Type", "application/json").WithBody(body));

    private IEnumerable<string> Asked() => _server.LogEntries.Select(entry =>
        $"{entry.RequestMessage!.Method} {entry.RequestMessage.Path.Replace(Api, "", StringComparison.Ordinal)}");

    private JsonObject Body(string path) => Assert.Single(Bodies(path));

    private List<JsonObject> Bodies(string path) =>
        [.. _server.LogEntries.Where(entry => entry.RequestMessage!.Path == Api + path).Select(entry => JsonNode.Parse(entry.RequestMessage!.Body!)!.AsObject())];
}
