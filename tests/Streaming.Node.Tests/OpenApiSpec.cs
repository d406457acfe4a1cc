using System.Text.Json;
using System.Text.Json.Nodes;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Engine;
using Streaming.Engine.Sources;
using Streaming.Features.State;
using Streaming.Ingest;
using Streaming.Log.Embedded;
using Streaming.Node.Tests.Fakes;

namespace Streaming.Node.Tests;

/// <summary>The document of the API, tried out against a node whose events go into a log.</summary>
public sealed class OpenApiSpec : IAsyncLifetime
{
    private static readonly string[] s_gets = ["/drift", "/models", "/health/live", "/health/ready", "/status", "/features/{entity}/{key}"];
    private static readonly string[] s_posts = ["/score", "/score/batch", "/models/fraud/score", "/models/fraud/score/batch", "/models/second/score", "/models/second/score/batch", "/features", "/events/transactions", "/events/clicks", "/events/labels"];
    private readonly string _directory = Directory.CreateTempSubdirectory("openapi").FullName;
    private EmbeddedEventLog _log = null!;
    private TestNode _node = null!;
    private ApiDocument _document = null!;

    public static TheoryData<string> Posts => new(s_posts);

    public static TheoryData<string> Gets => new(s_gets);

    public async Task InitializeAsync()
    {
        _log = EmbeddedEventLog.Open(new EmbeddedLogSettings(Path.Combine(_directory, "log.db")));
        foreach (var topic in EventSchemas.ByTopic.Keys)
        {
            await _log.CreateTopicAsync(topic, 4, CancellationToken.None);
        }

        _node = await TestNode.StartAsync("http.max-request-bytes = 1024", hasSecond: true);
        _node.Intake.Real = new LogEventIntake(
            _log, new ShippedSchemas(new EmbeddedSchemaRegistry(_directory)), EventRules.For(Samples.Catalog(), TimeSpan.FromMinutes(10)), TimeProvider.System);
        _document = await ApiDocument.OfAsync(_node);
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        await _log.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Renewed by running the tests with STREAMING_RENEW_GOLDEN=1; the difference is then reviewed.</summary>
    [Fact]
    public async Task The_document_is_the_golden_one()
    {
        var text = _document.Root.ToJsonString(new JsonSerializerOptions { WriteIndented = true, IndentSize = 1 }) + "\n";
        var golden = Path.Combine(RepositoryRoot.Path, "tests", "Streaming.Node.Tests", "Golden", "openapi.json");
        if (Environment.GetEnvironmentVariable("STREAMING_RENEW_GOLDEN") == "1")
        {
            await File.WriteAllTextAsync(golden, text);
        }

        Assert.Equal(await File.ReadAllTextAsync(golden), text);
    }

    [Fact]
    public void Every_operation_is_tried_here() => Assert.Equal(
        s_gets.Concat(s_posts).Order(StringComparer.Ordinal),
        _document.Operations().Select(one => one.Path).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task The_example_of_a_body_is_taken_and_answered_as_the_document_says(string path)
    {
        var example = _document.BodyOf(path)["example"]!;
        Assert.Empty(_document.Faults(_document.BodyOf(path)["schema"]!, example));
        using var answer = await _node.PostAsync(path, example.ToJsonString());
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        await _document.HoldsAsync("POST", path, answer);
    }

    [Theory]
    [MemberData(nameof(Gets))]
    public async Task What_is_read_is_answered_as_the_document_says(string path)
    {
        using var scored = await _node.PostAsync("/score", """{"card_id":"c","amount":900}""");
        _node.Store.Pay("card_12345", 1_533_081_599_000, 30, "FR");
        _node.Store.Statuses.Add(_node.Store.Statuses[0] with { State = PartitionState.Paused, Reason = "no broker", PausedSince = DateTimeOffset.UnixEpoch, Notice = "3 offsets are gone", NoticedAt = DateTimeOffset.UnixEpoch });
        foreach (var _ in Enumerable.Range(0, 2))
        {
            using var answer = await _node.Client.GetAsync(path.Replace("{entity}/{key}", "card/card_12345", StringComparison.Ordinal));
            await _document.HoldsAsync("GET", path, answer);
            _node.Store.IsReady = false;
            _node.Store.NewestEventTime = Features.Events.EventTime.None;
        }
    }

    /// <summary>Each member null, left out, of another type, and one too many: what the document allows is taken, and nothing else is.</summary>
    [Theory]
    [MemberData(nameof(Posts))]
    public async Task A_body_is_taken_if_and_only_if_the_document_allows_it(string path)
    {
        var body = _document.BodyOf(path);
        foreach (var variant in VariantsOf(body["example"]!, NamesOf(body["schema"]!)))
        {
            using var answer = await _node.PostAsync(path, variant.ToJsonString());
            Assert.True(answer.IsSuccessStatusCode != _document.Faults(body["schema"]!, variant).Any(), $"{variant.ToJsonString()} is answered {answer.StatusCode}");
            await _document.HoldsAsync("POST", path, answer);
        }
    }

    [Theory]
    [MemberData(nameof(Posts))]
    public async Task What_goes_wrong_is_listed(string path)
    {
        var example = _document.BodyOf(path)["example"]!.ToJsonString();
        _node.Store.AtOnce = _ => ReadOutcome.NotHere;
        foreach (var failure in new Exception[] { new TimeoutException(), new InvalidOperationException() })
        {
            _node.Store.Asked = _ => Task.FromException(failure);
            _node.Intake.Real = null;
            _node.Intake.Failure = failure;
            using var failed = await _node.PostAsync(path, example);
            Assert.Equal(path.Contains("score", StringComparison.Ordinal) ? 200 : failure is TimeoutException ? 503 : 500, (int)failed.StatusCode);
            await _document.HoldsAsync("POST", path, failed);
        }

        using var text = await _node.PostAsync(path, example, "text/plain");
        using var empty = await _node.PostAsync(path, string.Empty);
        using var large = await _node.PostAsync(path, new string(' ', 2000));
        Assert.Equal([415, 400, 413], new[] { text, empty, large }.Select(answer => (int)answer.StatusCode));
        await _document.HoldsAsync("POST", path, text);
        await _document.HoldsAsync("POST", path, empty);
        await _document.HoldsAsync("POST", path, large);
        Assert.NotNull(_document.Operation("POST", path)["responses"]!["408"]);
    }

    [Theory]
    [InlineData("crad/c", 404)]
    [InlineData("card/c?at=x", 400)]
    [InlineData("card/card_1?at=2018-07-01T00:00:00Z", 422)]
    public async Task What_goes_wrong_with_a_read_is_listed(string path, int status)
    {
        _node.Store.Pay("card_1", 1_533_081_600_000, 10);
        using var answer = await _node.Client.GetAsync("/features/" + path);
        Assert.Equal(status, (int)answer.StatusCode);
        await _document.HoldsAsync("GET", "/features/{entity}/{key}", answer);
    }

    /// <summary>The members of the object that a body is, or is an array of.</summary>
    private string[] NamesOf(JsonNode schema)
    {
        schema = schema["oneOf"]?[0] ?? schema["items"] ?? schema;
        schema = (string?)schema["$ref"] is { } reference ? _document.Root["components"]!["schemas"]![reference.Split('/')[^1]]! : schema;
        return [.. schema["properties"]!.AsObject().Select(member => member.Key), "no_such_member"];
    }

    private static IEnumerable<JsonNode> VariantsOf(JsonNode example, string[] names)
    {
        foreach (var name in names)
        {
            foreach (var value in new JsonNode?[] { null, "x", -1.5, true, new JsonObject(), new JsonArray() })
            {
                yield return Changed(example, one => one[name] = value);
            }

            yield return Changed(example, one => one.Remove(name));
        }
    }

    private static JsonNode Changed(JsonNode example, Action<JsonObject> change)
    {
        var variant = example.DeepClone();
        change((variant is JsonArray several ? several[0]! : variant).AsObject());
        // Parsed, for numbers that are made have their own type.
        return JsonNode.Parse(variant.ToJsonString())!;
    }
}
