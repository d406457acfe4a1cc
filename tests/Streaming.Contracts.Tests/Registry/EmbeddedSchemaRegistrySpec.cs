using System.Text.Json.Nodes;
using Avro;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;

namespace Streaming.Contracts.Tests.Registry;

public sealed class EmbeddedSchemaRegistrySpec : SchemaRegistryKit, IDisposable
{
    private readonly TempFolder _folder = new();

    public EmbeddedSchemaRegistrySpec() => Registry = Open();

    protected override ISchemaRegistry Registry { get; }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Another_process_finds_what_this_one_registered()
    {
        var other = Open();
        var id = Found(await Registry.RegisterAsync("labels-value", EventSchemas.Label, default));
        Assert.Equal(EventSchemas.Label, Found(await other.GetByIdAsync(id, default)));
        Assert.Equal(id, Found(await other.RegisterAsync("labels-value", EventSchemas.Label, default)));
    }

    [Fact]
    public async Task A_deleted_registry_gives_the_same_ids_again()
    {
        var id = Found(await Registry.RegisterAsync("labels-value", EventSchemas.Label, default));
        File.Delete(_folder["schemas.json"]);
        Found(await Registry.RegisterAsync("clicks-value", EventSchemas.Click, default));
        Assert.Equal(id, Found(await Registry.RegisterAsync("labels-value", EventSchemas.Label, default)));
    }

    [Theory]
    [InlineData(EventSchemas.Transactions, 1495142931)]
    [InlineData(EventSchemas.Clicks, 1245687626)]
    [InlineData(EventSchemas.Labels, 68662268)]
    [InlineData(EventSchemas.Scores, 1288734431)]
    [InlineData(EventSchemas.DeadLetters, 1794949507)]
    public async Task The_ids_of_the_shipped_schemas_stand_in_logs(string topic, int id) =>
        Assert.Equal(id, Found(await Registry.RegisterAsync(EventSchemas.SubjectOf(topic), EventSchemas.ByTopic[topic], default)));

    [Fact]
    public async Task Writers_at_the_same_time_lose_nothing()
    {
        var subjects = Enumerable.Range(0, 24).Select(i => $"s{i}").ToList();
        await Task.WhenAll(subjects.Select(subject => Task.Run(() => Open().RegisterAsync(subject, EventSchemas.Click, default))));
        foreach (var subject in subjects)
        {
            Assert.Equal([1], Found(await Registry.GetVersionsAsync(subject, default)).AsEnumerable());
        }
    }

    [Fact]
    public async Task A_held_lock_makes_writers_wait_no_longer_than_they_may()
    {
        await using var held = new FileStream(_folder["schemas.lock"], FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        var impatient = new EmbeddedSchemaRegistry(_folder.FullName, lockTimeout: TimeSpan.FromMilliseconds(30));
        Assert.IsType<RegistryResult<int>.Unavailable>(await impatient.RegisterAsync("labels-value", EventSchemas.Label, default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{\"schemas\":{}}")]
    [InlineData("{\"schemas\":{\"7\":\"nonsense\"},\"subjects\":{},\"levels\":{}}")]
    public async Task A_damaged_file_is_an_outage_and_no_missing_schema(string content)
    {
        await File.WriteAllTextAsync(_folder["schemas.json"], content);
        Assert.IsType<RegistryResult<Schema>.Unavailable>(await Registry.GetByIdAsync(7, default));
    }

    [Theory]
    [InlineData("""{"schemas":{"99999999999":"x"},"subjects":{},"levels":{}}""", "\"99999999999\" is not a schema id")]
    [InlineData("""{"schemas":{"7":null},"subjects":{},"levels":{}}""", "schema 7 is not a text")]
    [InlineData("""{"schemas":{"7":"\"int\"","7":"\"long\""},"subjects":{},"levels":{}}""", "7")]
    [InlineData("""{"schemas":{},"subjects":{"a":null},"levels":{}}""", "the subject a has no array")]
    [InlineData("""{"schemas":{},"subjects":{"a":[5]},"levels":{}}""", "the subject a names the schema 5")]
    [InlineData("""{"schemas":{},"subjects":{"a":["5"]},"levels":{}}""", "the subject a names the schema \"5\"")]
    [InlineData("""{"schemas":{},"subjects":{},"levels":{"a":5}}""", "unknown level 5 of a")]
    [InlineData("[]", "schemas is missing")]
    public async Task What_is_wrong_with_a_damaged_file_is_named_whoever_asks(string content, string because)
    {
        var file = _folder["schemas.json"];
        await File.WriteAllTextAsync(file, content);
        var outage = Assert.IsType<RegistryResult<RegisteredSchema>.Unavailable>(await Registry.GetLatestAsync("a", default));
        Assert.Contains(file, outage.Reason, StringComparison.Ordinal);
        Assert.Contains(because, outage.Reason, StringComparison.Ordinal);
        Assert.IsType<RegistryResult<int>.Unavailable>(await Registry.RegisterAsync("a", EventSchemas.Label, default));
    }

    [Fact]
    public async Task A_schema_with_a_wrong_default_is_invalid_at_any_level_and_one_that_is_stored_is_still_read()
    {
        var wrong = Writers.With(EventSchemas.Label, """{"name":"by","type":"double","default":null}""");
        await Registry.SetLevelAsync("labels-value", CompatibilityLevel.None, default);
        var rejected = Assert.IsType<RegistryResult<int>.Rejected>(await Registry.RegisterAsync("labels-value", wrong, default));
        Assert.Equal(RegistryRejection.InvalidSchema, rejected.Reason);
        Assert.Contains("Label.by: its default null is not a value of double", rejected.Detail, StringComparison.Ordinal);
        var stored = new JsonObject { ["schemas"] = new JsonObject { ["7"] = wrong.ToString() }, ["subjects"] = new JsonObject { ["labels-value"] = new JsonArray(7) }, ["levels"] = new JsonObject() };
        await File.WriteAllTextAsync(_folder["schemas.json"], stored.ToJsonString());
        Assert.Equal(wrong, Found(await Registry.GetByIdAsync(7, default)));
        Found(await Registry.RegisterAsync("labels-value", EventSchemas.Label, default));
    }

    [Fact]
    public async Task By_default_a_schema_must_read_every_earlier_version()
    {
        var registry = new EmbeddedSchemaRegistry(_folder.FullName);
        var v2 = Writers.With(EventSchemas.Label, """{"name":"by","type":"string","default":""}""");
        var v3 = Writers.With(EventSchemas.Label, """{"name":"by","type":"string"}""");
        Found(await registry.RegisterAsync("labels-value", EventSchemas.Label, default));
        Found(await registry.RegisterAsync("labels-value", v2, default));
        var rejected = Assert.IsType<RegistryResult<int>.Rejected>(await registry.RegisterAsync("labels-value", v3, default));
        Assert.Contains("read of v1: Label.by", rejected.Detail, StringComparison.Ordinal);
    }

    private EmbeddedSchemaRegistry Open() => new(_folder.FullName, CompatibilityLevel.Backward);
}
