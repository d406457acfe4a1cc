using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Streaming.Persistence.Redis.Connection;
using Streaming.Persistence.Redis.Slots;
using Streaming.Persistence.Redis.Tests.Servers;

namespace Streaming.Persistence.Redis.Tests.Connection;

/// <summary>A server with TLS, client certificates, and users.</summary>
public sealed class SecureRedisServer : RedisServer
{
    private readonly int _plain = FreePort();

    public string Authority => Path.Combine(Folder, "ca.pem");

    public string Certificate => Path.Combine(Folder, "client.pem");

    public string Key => Path.Combine(Folder, "client.key");

    public string OtherAuthority => Path.Combine(Folder, "other.pem");

    protected override int ReadyPort => _plain;

    protected override string[] Arguments()
    {
        using var authority = MakeAuthority();
        using var other = MakeAuthority();
        File.WriteAllText(Authority, authority.ExportCertificatePem());
        File.WriteAllText(OtherAuthority, other.ExportCertificatePem());
        Issue(authority, "server", Path.Combine(Folder, "server.pem"), Path.Combine(Folder, "server.key"));
        Issue(authority, "client", Certificate, Key);
        return
        [
            "--port", _plain.ToString(CultureInfo.InvariantCulture), "--tls-port", Port.ToString(CultureInfo.InvariantCulture),
            "--tls-cert-file", Path.Combine(Folder, "server.pem"), "--tls-key-file", Path.Combine(Folder, "server.key"),
            "--tls-ca-cert-file", Authority, "--tls-auth-clients", "yes",
            "--user", "default", "off", "--user", "streaming", "on", ">secret", "~streaming:*", "+@all", "-@dangerous", "+info", "+cluster", "+config",
            "--user", "reader", "on", ">secret", "~streaming:*", "+@read", "+@connection", "+info", "+cluster", "+config",
        ];
    }

    private static X509Certificate2 MakeAuthority()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=streaming tests", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
    }

    private static void Issue(X509Certificate2 authority, string name, string certificateFile, string keyFile)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, authority.NotBefore, authority.NotAfter, RandomNumberGenerator.GetBytes(8));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
    }
}

public sealed class SecureRedisSpec(SecureRedisServer server) : IClassFixture<SecureRedisServer>
{
    private static readonly SlotAddress s_address = new(1, "card", 0);

    private static CancellationToken Bounded => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    private RedisSettings Right => new(server.EndPoint)
    {
        User = "streaming",
        Password = "secret",
        Tls = new(server.Authority, server.Certificate, server.Key),
        ConnectTimeout = TimeSpan.FromSeconds(30),
        CallTimeout = TimeSpan.FromSeconds(30),
    };

    [SkippableFact]
    public async Task Slots_work_over_TLS_as_a_user_with_the_documented_rights()
    {
        Skip.If(server.SkipReason is not null, server.SkipReason);
        await using var connection = await RedisConnection.OpenAsync(Right, Bounded);
        var slots = new RedisShardSlots(connection);
        var slot = await slots.TakeAsync(s_address, Guid.NewGuid(), Bounded);
        await slot.WriteAsync(new SlotEntry[] { new("a", new byte[] { 1 }) }, Bounded);
        await slot.WriteManifestAsync(new byte[] { 2 }, Bounded);
        Assert.Equal(1, (await slot.LoadAsync("a", Bounded))!.Value.Span[0]);
        await slots.Generations.CreateAsync(1, new byte[] { 3 }, Bounded);
        await slots.Generations.DeleteAsync(1, Bounded);
    }

    [SkippableFact]
    public async Task A_wrong_password_is_reported_as_such()
    {
        Skip.If(server.SkipReason is not null, server.SkipReason);
        await AssertFailsAsync(Right with { Password = "wrong" }, "streaming.redis.user", retriable: false);
    }

    [SkippableFact]
    public async Task A_server_whose_certificate_another_authority_signed_is_refused()
    {
        Skip.If(server.SkipReason is not null, server.SkipReason);
        await AssertFailsAsync(Right with { Tls = new(server.OtherAuthority, server.Certificate, server.Key) }, "streaming.redis.tls", retriable: false);
    }

    [SkippableFact]
    public async Task A_user_without_the_right_is_told_so()
    {
        Skip.If(server.SkipReason is not null, server.SkipReason);
        await using var connection = await RedisConnection.OpenAsync(Right with { User = "reader" }, Bounded);
        var refusal = await Assert.ThrowsAsync<SlotStoreException>(() => new RedisShardSlots(connection).TakeAsync(s_address, Guid.NewGuid(), Bounded));
        Assert.False(refusal.Retriable, refusal.Message);
        Assert.Contains("ACL", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task AssertFailsAsync(RedisSettings right, string names, bool retriable)
    {
        var settings = right with { ConnectTimeout = TimeSpan.FromSeconds(5), CallTimeout = TimeSpan.FromSeconds(2) };
        SlotStoreException? failure = null;

        // Until a handshake has got so far the client only knows that nothing answers, and a client that has failed waits before it tries again.
        await Eventually.TrueAsync(
            $"the failure names {names}",
            async () =>
            {
                await using var connection = await RedisConnection.OpenAsync(settings, Bounded);
                failure = await Assert.ThrowsAsync<SlotStoreException>(() => new RedisShardSlots(connection).ReadAsync(s_address, "a", Bounded));
                return failure.Message.Contains(names, StringComparison.Ordinal);
            },
            () => failure?.Message ?? "none");
        Assert.True(failure!.Retriable == retriable, failure.Message);
    }
}
