using Avro;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;

namespace Streaming.Contracts.Tests.Registry;

public sealed class ConfluentSchemaRegistrySpec : SchemaRegistryKit, IAsyncLifetime, IDisposable
{
    private readonly FakeRegistryServer _server = new();
    private readonly ConfluentSchemaRegistry _registry;

    public ConfluentSchemaRegistrySpec() => _registry = Open(TimeSpan.FromSeconds(10));

    protected override ISchemaRegistry Registry => _registry;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _server.DisposeAsync();

    public void Dispose() => _registry.Dispose();

    [Theory]
    [InlineData(404, """{"error_code":40403,"message":"Schema 7 not found"}""", "NotFound")]
    [InlineData(404, """{"error_code":40401,"message":"Subject not found"}""", "NotFound")]
    [InlineData(404, """{"error_code":40402,"message":"Version 9 not found"}""", "NotFound")]
    [InlineData(404, """{"error_code":40408,"message":"Subject 'a' does not have subject-level compatibility configured"}""", "NotFound")]
    [InlineData(404, "<html>no such page</html>", "Unavailable")]
    [InlineData(404, """{"error_code":404,"message":"HTTP 404 Not Found"}""", "Unavailable")]
    [InlineData(401, """{"error_code":401,"message":"Unauthorized"}""", "Unavailable")]
    [InlineData(403, "", "Unavailable")]
    [InlineData(409, """{"error_code":409,"message":"incompatible"}""", "Rejected Incompatible")]
    [InlineData(422, """{"error_code":42201,"message":"Invalid schema"}""", "Rejected InvalidSchema")]
    [InlineData(422, "<html>", "Unavailable")]
    [InlineData(422, """{"error_code":422,"message":"HTTP 422 Unprocessable Entity"}""", "Unavailable")]
    [InlineData(422, """{"error_code":42202,"message":"Invalid version"}""", "Rejected InvalidRequest")]
    [InlineData(422, """{"error_code":42205,"message":"Subject a is in read-only mode"}""", "Rejected InvalidRequest")]
    [InlineData(422, """{"error_code":42203,"message":"Invalid level"}""", "Rejected InvalidRequest")]
    [InlineData(429, "", "Unavailable")]
    [InlineData(500, """{"error_code":50001,"message":"Error in the backend data store"}""", "Unavailable")]
    [InlineData(500, """{"error_code":50002,"message":"Operation timed out"}""", "Unavailable")]
    [InlineData(500, """{"error_code":50003,"message":"Forwarding error"}""", "Unavailable")]
    [InlineData(503, "<html>", "Unavailable")]
    [InlineData(200, "<html>a proxy's login page</html>", "Unavailable")]
    [InlineData(200, "{}", "Unavailable")]
    [InlineData(200, "null", "Unavailable")]
    [InlineData(200, """{"schema":"nonsense"}""", "Rejected InvalidSchema")]
    [InlineData(200, """{"schema":"\"\""}""", "Rejected InvalidSchema")]
    [InlineData(200, """{"schema":"{\"type\":\"record\",\"name\":\"E\",\"fields\":[\"x\"]}"}""", "Rejected InvalidSchema")]
    [InlineData(200, """{"schema":"{\"type\":\"record\",\"name\":\"E\",\"fields\":[{\"name\":\"x\",\"type\":\"int\",\"order\":\"up\"}]}"}""", "Rejected InvalidSchema")]
    [InlineData(200, """{"schemaType":"PROTOBUF","schema":"message E {}"}""", "Rejected InvalidSchema")]
    public async Task Every_answer_is_one_of_the_four(int status, string body, string expected)
    {
        _server.Override = (status, body);
        var result = await _registry.GetByIdAsync(7, default);
        var kind = result is RegistryResult<Schema>.Rejected rejected ? $"Rejected {rejected.Reason}" : result.GetType().Name;
        Assert.Equal(expected, kind);
    }

    [Fact]
    public async Task A_schema_is_compatible_with_a_subject_that_has_none_yet()
    {
        _server.Override = (404, """{"error_code":40401,"message":"Subject 'labels-value' not found."}""");
        Assert.True(Found(await _registry.CheckCompatibilityAsync("labels-value", EventSchemas.Label, default)).IsCompatible);
    }

    [Fact]
    public async Task An_outage_is_over_when_the_registry_is_back()
    {
        var cached = new CachingSchemaRegistry(_registry);
        var id = Found(await _registry.RegisterAsync("labels-value", EventSchemas.Label, default));
        _server.Override = (503, "");
        Assert.IsType<RegistryResult<Schema>.Unavailable>(await cached.GetByIdAsync(id, default));
        _server.Override = null;
        Assert.Equal(EventSchemas.Label, Found(await cached.GetByIdAsync(id, default)));
        _server.Override = (503, "");
        Assert.Equal(EventSchemas.Label, Found(await cached.GetByIdAsync(id, default)));
    }

    [Fact]
    public async Task Nobody_listening_is_an_outage()
    {
        await _server.DisposeAsync();
        var outage = Assert.IsType<RegistryResult<Schema>.Unavailable>(await _registry.GetByIdAsync(1, default));
        Assert.IsAssignableFrom<HttpRequestException>(outage.Inner);
    }

    [Fact]
    public async Task A_registry_that_does_not_answer_is_asked_for_one_level_only()
    {
        _server.Override = (503, "");
        Assert.Null(await SubjectLevels.AdviseAsync(_registry, ["a-value", "b-value"], default));
        Assert.Single(_server.Requests);
    }

    [Fact]
    public async Task A_registry_that_hangs_is_an_outage_after_the_time_out()
    {
        _server.Gate = new TaskCompletionSource();
        using var impatient = Open(TimeSpan.FromMilliseconds(100));
        Assert.IsType<RegistryResult<Schema>.Unavailable>(await impatient.GetByIdAsync(1, default));
        _server.Gate.SetResult();
    }

    [Fact]
    public async Task A_caller_who_gives_up_is_told_so()
    {
        _server.Gate = new TaskCompletionSource();
        using var cancellation = new CancellationTokenSource();
        var request = _registry.GetByIdAsync(1, cancellation.Token);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        _server.Gate.SetResult();
    }

    [Fact]
    public async Task Basic_authentication_is_sent()
    {
        await _registry.GetVersionsAsync("labels-value", default);
        Assert.Equal("Basic dXNlcjpzZWNyZXQ=", _server.Authorization);
    }

    [Fact]
    public async Task Subjects_are_escaped()
    {
        Found(await _registry.RegisterAsync("a/b c-value", EventSchemas.Label, default));
        Assert.Equal(["GET /associations/resources/-/a%2Fb%20c", "POST /subjects/a%2Fb%20c-value/versions"], _server.Requests);
    }

    [Fact]
    public void Settings_print_themselves_without_the_password() =>
        Assert.DoesNotContain("secret", Settings(TimeSpan.FromSeconds(1)).ToString(), StringComparison.Ordinal);

    private ConfluentSchemaRegistry Open(TimeSpan timeout) => new(Settings(timeout));

    private SchemaRegistrySettings Settings(TimeSpan timeout) => new([_server.Url], "user", "secret", timeout);
}
