using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Avro;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;
using WireMock.Settings;

namespace Streaming.Contracts.Tests.Registry;

/// <summary>What goes over the wire to a registry, and what comes back: over several URLs, TLS, with associations.</summary>
public sealed class RegistryTransportSpec : IDisposable
{
    private const string SomeSchema = """{"schema":"\"string\""}""";
    private const string Associations = "/associations/resources/-/labels";
    private readonly WireMockServer _server = WireMockServer.Start();
    private readonly TempFolder _folder = new();

    public void Dispose()
    {
        _server.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("""[{"subject":"card-labels","associationType":"value"}]""", 200, "/subjects/card-labels/versions")]
    [InlineData("[]", 200, "/subjects/labels-value/versions")]
    [InlineData("""{"error_code":404,"message":"HTTP 404 Not Found"}""", 404, "/subjects/labels-value/versions")]
    [InlineData("<html>", 404, "/subjects/labels-value/versions")]
    [InlineData("<html>", 405, "/subjects/labels-value/versions")]
    public async Task The_subject_that_the_registry_associates_with_a_topic_is_asked_for_first(string associations, int status, string path)
    {
        Answer(Associations, status, associations);
        Answer(path, 200, """{"id":7}""");
        using var registry = Open(_server.Url!);
        Assert.Equal(7, Found(await registry.RegisterAsync("labels-value", EventSchemas.Label, default)));
        var asked = _server.LogEntries.Select(entry => entry.RequestMessage!.AbsoluteUrl).First();
        Assert.EndsWith(Associations + "?resourceType=topic&associationType=value", asked, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, """[{"subject":"a"},{"subject":"b"}]""", "associates the topic of labels-value with a, b; leave one")]
    [InlineData(403, """{"error_code":40301,"message":"no"}""", "denies access")]
    [InlineData(500, "", "500")]
    public async Task A_topic_without_one_subject_is_not_written_under_another(int status, string associations, string reason)
    {
        Answer(Associations, status, associations);
        Answer("/subjects/labels-value/versions", 200, """{"id":7}""");
        using var registry = Open(_server.Url!);
        var refused = await registry.RegisterAsync("labels-value", EventSchemas.Label, default);
        Assert.Contains(reason, refused.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(_server.LogEntries, entry => entry.RequestMessage!.Path.StartsWith("/subjects", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Ids_end_where_the_wire_formats_do()
    {
        Answer("/schemas/ids/2147483647", 200, SomeSchema);
        using var registry = Open(_server.Url!);
        Assert.Equal("string", Found(await registry.GetByIdAsync(int.MaxValue, default)).Name);
        var beyond = Assert.IsType<RegistryResult<Schema>.NotFound>(await registry.GetByIdAsync(unchecked((int)3_000_000_000), default));
        Assert.Contains("schema 3000000000", beyond.What, StringComparison.Ordinal);
        Assert.Single(_server.LogEntries);

        Answer("/subjects/labels/versions", 200, """{"id":3000000000}""");
        var given = Assert.IsType<RegistryResult<int>.Unavailable>(await registry.RegisterAsync("labels", EventSchemas.Label, default));
        Assert.Contains("3000000000", given.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_that_refers_to_others_is_named_with_them()
    {
        Answer("/schemas/ids/1", 200, """{"schema":"\"string\"","references":[{"name":"a.B","subject":"b-value","version":1}]}""");
        using var registry = Open(_server.Url!);
        var rejected = Assert.IsType<RegistryResult<Schema>.Rejected>(await registry.GetByIdAsync(1, default));
        Assert.Equal((RegistryRejection.InvalidSchema, "the schema refers to b-value; write it in one piece"), (rejected.Reason, rejected.Detail));
    }

    [Theory]
    [InlineData(503, 0)]
    [InlineData(429, 0)]
    [InlineData(200, 5_000)]
    public async Task The_next_url_is_asked_where_one_fails_or_hangs(int status, int delayMillis)
    {
        using var second = WireMockServer.Start();
        var answer = Response.Create().WithStatusCode(status).WithBody(SomeSchema);
        _server.Given(Request.Create()).RespondWith(delayMillis > 0 ? answer.WithDelay(delayMillis) : answer);
        second.Given(Request.Create()).RespondWith(Response.Create().WithStatusCode(200).WithBody(SomeSchema));
        using var registry = Open(_server.Url!, second.Url!, timeout: TimeSpan.FromSeconds(delayMillis > 0 ? 2 : 20));
        Assert.Equal("string", Found(await registry.GetByIdAsync(1, default)).Name);
        Assert.Single(second.LogEntries);
    }

    [Fact]
    public async Task A_failed_look_up_is_not_remembered()
    {
        using var registry = Open(_server.Url!);
        var cached = new CachingSchemaRegistry(registry);
        Answer("/schemas/ids/1", 404, """{"error_code":40403,"message":"Schema 1 not found"}""");
        Assert.IsType<RegistryResult<Schema>.NotFound>(await cached.GetByIdAsync(1, default));
        _server.Reset();
        Answer("/schemas/ids/1", 503, "");
        Assert.IsType<RegistryResult<Schema>.Unavailable>(await cached.GetByIdAsync(1, default));
        _server.Reset();
        Answer("/schemas/ids/1", 200, SomeSchema);
        Assert.Equal("string", Found(await cached.GetByIdAsync(1, default)).Name);
    }

    [Fact]
    public async Task A_registry_of_an_own_authority_is_trusted_and_shown_our_certificate()
    {
        using var authority = Certificate("CN=Authority", null);
        using var server = Certificate("CN=localhost", authority);
        using var client = Certificate("CN=node", authority);
        using var secure = Secure(server);
        secure.Given(Request.Create()).RespondWith(Response.Create().WithStatusCode(200).WithBody(SomeSchema));
        var keystore = Write("client.p12", client.Export(X509ContentType.Pkcs12, "pw"));
        var ca = Write("ca.pem", System.Text.Encoding.UTF8.GetBytes(authority.ExportCertificatePem()));

        using var trusting = new ConfluentSchemaRegistry(Settings([secure.Url!]) with { CaFile = ca, KeystoreFile = keystore, KeystorePassword = "pw" });
        var trusted = await trusting.GetByIdAsync(1, default);
        Assert.True(trusted is RegistryResult<Schema>.Found, (trusted as RegistryResult<Schema>.Unavailable)?.Inner?.ToString());

        using var doubting = new ConfluentSchemaRegistry(Settings([secure.Url!]) with { KeystoreFile = keystore, KeystorePassword = "pw" });
        Assert.IsType<RegistryResult<Schema>.Unavailable>(await doubting.GetByIdAsync(1, default));
        using var misnamed = new ConfluentSchemaRegistry(
            Settings([secure.Url!.Replace("localhost", "127.0.0.1", StringComparison.Ordinal)]) with { CaFile = ca, KeystoreFile = keystore, KeystorePassword = "pw" });
        var mismatch = Assert.IsType<RegistryResult<Schema>.Unavailable>(await misnamed.GetByIdAsync(1, default));
        Assert.Contains("RemoteCertificateNameMismatch", mismatch.Inner!.ToString(), StringComparison.Ordinal);
        using var nameless = new ConfluentSchemaRegistry(Settings([secure.Url!]) with { CaFile = ca });
        Assert.IsType<RegistryResult<Schema>.Unavailable>(await nameless.GetByIdAsync(1, default));
    }

    [Fact]
    public void A_file_of_certificates_that_cannot_be_used_is_named_with_its_key()
    {
        var rubbish = Write("rubbish", [1, 2, 3]);
        var ca = Assert.Throws<ArgumentException>(() => new ConfluentSchemaRegistry(Settings([_server.Url!]) with { CaFile = rubbish }));
        Assert.StartsWith($"streaming.schema.registry.ca-file names \"{rubbish}\", which cannot be used: ", ca.Message, StringComparison.Ordinal);
        var keystore = Assert.Throws<ArgumentException>(() => new ConfluentSchemaRegistry(Settings([_server.Url!]) with { KeystoreFile = rubbish + "2" }));
        Assert.StartsWith($"streaming.schema.registry.keystore-file names \"{rubbish}2\", which cannot be used: ", keystore.Message, StringComparison.Ordinal);
    }

    private void Answer(string path, int status, string body) =>
        _server.Given(Request.Create().WithPath(path)).RespondWith(Response.Create().WithStatusCode(status).WithBody(body));

    private static ConfluentSchemaRegistry Open(string url, string? other = null, TimeSpan? timeout = null) =>
        new(Settings(other is null ? [url] : [url, other], timeout));

    private static SchemaRegistrySettings Settings(string[] urls, TimeSpan? timeout = null) =>
        new([.. urls.Select(url => new Uri(url))], null, null, timeout ?? TimeSpan.FromSeconds(20));

    private static T Found<T>(RegistryResult<T> result) => Assert.IsType<RegistryResult<T>.Found>(result).Value;

    private string Write(string name, byte[] content)
    {
        var path = _folder[name];
        File.WriteAllBytes(path, content);
        return path;
    }

    private WireMockServer Secure(X509Certificate2 certificate) => WireMockServer.Start(new WireMockServerSettings
    {
        UseSSL = true,
        CertificateSettings = new WireMockCertificateSettings
        {
            X509CertificateFilePath = Write("server.p12", certificate.Export(X509ContentType.Pkcs12, "pw")),
            X509CertificatePassword = "pw",
        },
        ClientCertificateMode = WireMock.Types.ClientCertificateMode.RequireCertificate,
        AcceptAnyClientCertificate = true,
    });

    private static X509Certificate2 Certificate(string name, X509Certificate2? authority)
    {
        var key = RSA.Create(2048);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(authority is null, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        var (from, until) = (authority?.NotBefore ?? now.AddDays(-1), authority?.NotAfter ?? now.AddDays(1));
        return authority is null
            ? request.CreateSelfSigned(from, until)
            : request.Create(authority, from, until, RandomNumberGenerator.GetBytes(8)).CopyWithPrivateKey(key);
    }
}
