using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Confluent.Kafka;
using Confluent.Kafka.Admin;

namespace Streaming.Log.Tests.Kafka;

/// <summary>
/// A real broker of its own with a listener for SASL over TLS beside the plain one, whose certificate is made here: PLAIN for a user
/// that the broker's settings name, SCRAM once <see cref="AddScramAsync"/> has given it the credentials.
/// </summary>
public sealed class SecureBroker : RealBroker
{
    public const string User = "alice";
    private const string PlainLogin = "org.apache.kafka.common.security.plain.PlainLoginModule";
    private const string ScramLogin = "org.apache.kafka.common.security.scram.ScramLoginModule";
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("streaming-tls-");
    private int _port;

    public string Password { get; } = RandomNumberGenerator.GetHexString(32);

    /// <summary>The SASL_SSL listener.</summary>
    public string Secure => $"127.0.0.1:{(_port + 2).ToString(CultureInfo.InvariantCulture)}";

    /// <summary>The authority that signed the broker's certificate, as PEM.</summary>
    public string CertificateAuthority => Path.Combine(_files.FullName, "ca.pem");

    /// <summary>An authority that did not.</summary>
    public string OtherAuthority => Path.Combine(_files.FullName, "other.pem");

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        _files.Delete(recursive: true);
    }

    /// <summary>Stores the user's credentials for a SCRAM mechanism, and waits until the broker has them.</summary>
    public async Task AddScramAsync(ScramMechanism mechanism)
    {
        using var admin = new AdminClientBuilder(new AdminClientConfig { BootstrapServers = Bootstrap }).Build();
        await admin.AlterUserScramCredentialsAsync([new UserScramCredentialUpsertion
        {
            User = User,
            Password = Encoding.UTF8.GetBytes(Password),
            ScramCredentialInfo = new ScramCredentialInfo { Mechanism = mechanism, Iterations = 4096 },
        }]);
        await Eventually.TrueAsync("the broker has the credentials", async () =>
        {
            var there = await admin.DescribeUserScramCredentialsAsync([]);
            return there.UserScramCredentialsDescriptions.Any(user => user.ScramCredentialInfos.Any(info => info.Mechanism == mechanism));
        });
    }

    /// <inheritdoc/>
    protected override bool MayBeNamed => false;

    /// <inheritdoc/>
    protected override string[] Arguments()
    {
        var keys = Path.Combine(_files.FullName, "broker.pem");
        WriteCertificates(keys);
        _port = FreePorts();
        string[] settings =
        [
            $"listeners=PLAINTEXT://127.0.0.1:{_port},CONTROLLER://127.0.0.1:{_port + 1},SASL_SSL://{Secure}",
            $"advertised.listeners=PLAINTEXT://127.0.0.1:{_port},SASL_SSL://{Secure}",
            "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL",
            "sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
            $"listener.name.sasl_ssl.plain.sasl.jaas.config={PlainLogin} required user_{User}=\"{Password}\";",
            $"listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config={ScramLogin} required;",
            $"listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config={ScramLogin} required;",
            "ssl.keystore.type=PEM",
            $"ssl.keystore.location={keys}",
        ];
        return ["--port", _port.ToString(CultureInfo.InvariantCulture), .. settings.SelectMany(setting => new[] { "--set", setting })];
    }

    private void WriteCertificates(string keys)
    {
        using var authority = Authority();
        using var other = Authority();
        File.WriteAllText(CertificateAuthority, authority.ExportCertificatePem());
        File.WriteAllText(OtherAuthority, other.ExportCertificatePem());
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=broker", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, authority.NotBefore, authority.NotAfter, [1, 2, 3, 4]);
        File.WriteAllText(keys, $"{key.ExportPkcs8PrivateKeyPem()}\n{certificate.ExportCertificatePem()}\n{authority.ExportCertificatePem()}\n");
    }

    private static X509Certificate2 Authority()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=streaming tests", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
    }

    /// <summary>The first of three free ports in a row; the broker script wants the first two so.</summary>
    private static int FreePorts()
    {
        for (var tries = 0; tries < 100; tries++)
        {
            var first = RandomNumberGenerator.GetInt32(20_000, 32_000);
            if (IsFree(first) && IsFree(first + 1) && IsFree(first + 2))
            {
                return first;
            }
        }

        throw new InvalidOperationException("no three free ports in a row between 20000 and 32000");
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
