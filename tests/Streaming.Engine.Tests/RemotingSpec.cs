using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Configuration;
using Streaming.Contracts.Registry;
using Streaming.Engine.Remoting;
using Streaming.Log.Embedded;

namespace Streaming.Engine.Tests;

public sealed class RemotingSpec : IDisposable
{
    private const string Tls = "akka.remote.dot-netty.tcp { enable-ssl = on, ssl.certificate { path = \"node.pfx\", password = secret } }";
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_lone_node_listens_nowhere()
    {
        await using var running = await RunningEngine.StartAsync(_folder, TestFeatures.Catalog, direct: true);
        Assert.Equal("akka.local", Akka.Cluster.Cluster.Get(running.System).SelfAddress.Protocol);
    }

    [Theory]
    [InlineData(RemotingMode.TrustedNetwork, "akka.tcp")]
    [InlineData(RemotingMode.Tls, "akka.ssl.tcp")]
    public async Task A_node_with_peers_listens_as_its_mode_says(RemotingMode mode, string protocol)
    {
        var path = await CertificateAsync();
        var tls = $"akka.remote.dot-netty.tcp {{ enable-ssl = on, ssl.certificate {{ path = \"{path}\", password = secret }} }}\n";
        var text = (mode == RemotingMode.Tls ? tls : string.Empty) + "akka.loglevel = OFF";
        await using var log = EmbeddedEventLog.Open(new EmbeddedLogSettings(_folder["log.db"]));
        await using var host = await EngineHost.StartAsync(
            text,
            SourceHarness.Quick with { Remoting = mode },
            TestFeatures.Catalog,
            log,
            new EmbeddedSchemaRegistry(_folder["registry"]));
        var address = Akka.Cluster.Cluster.Get(host.System).SelfAddress;
        Assert.Equal((protocol, "127.0.0.1"), (address.Protocol, address.Host));
        await Eventually.TrueAsync("caught up", () => host.Engine.IsCaughtUp);
    }

    [Theory]
    [InlineData(RemotingMode.Off, "", null)]
    [InlineData(RemotingMode.Off, "akka.cluster.seed-nodes = [\"akka.tcp://streaming@10.0.0.2:4053\"]", "akka.cluster.seed-nodes")]
    [InlineData(RemotingMode.Off, "akka.remote.enabled-transports = [\"akka.remote.dot-netty.tcp\"]", "akka.remote.enabled-transports")]
    [InlineData(RemotingMode.Tls, Tls, null)]
    [InlineData(
        RemotingMode.Tls,
        "akka.remote.dot-netty.tcp.ssl.certificate { path = \"node.pfx\", password = secret }",
        "akka.remote.dot-netty.tcp.enable-ssl")]
    [InlineData(RemotingMode.Tls, "akka.remote.dot-netty.tcp.enable-ssl = on", "akka.remote.dot-netty.tcp.ssl.certificate.path")]
    [InlineData(
        RemotingMode.Tls,
        "akka.remote.dot-netty.tcp { enable-ssl = on, ssl.certificate.path = missing.pfx }",
        "akka.remote.dot-netty.tcp.ssl.certificate.path")]
    [InlineData(
        RemotingMode.Tls,
        Tls + "\nakka.remote.dot-netty.tcp.ssl.certificate.password = wrong",
        "akka.remote.dot-netty.tcp.ssl.certificate.path")]
    [InlineData(
        RemotingMode.Tls,
        Tls + "\nakka.remote.dot-netty.tcp.ssl.require-mutual-authentication = off",
        "akka.remote.dot-netty.tcp.ssl.require-mutual-authentication")]
    [InlineData(
        RemotingMode.Tls,
        Tls + "\nakka.remote.dot-netty.tcp.ssl.suppress-validation = on",
        "akka.remote.dot-netty.tcp.ssl.suppress-validation")]
    [InlineData(RemotingMode.TrustedNetwork, "akka.cluster.seed-nodes = [\"akka.tcp://streaming@10.0.0.2:4053\"]", null)]
    public async Task Peers_need_tls_with_certificates_or_a_network_that_is_declared_trusted(RemotingMode mode, string akka, string? wrong)
    {
        akka = akka.Replace("node.pfx", await CertificateAsync(), StringComparison.Ordinal);
        var config = ConfigurationFactory.ParseString(akka).WithFallback(StreamingEngine.ReferenceConfig);
        Assert.Equal(wrong, RemotingRules.Faults(mode, config).Select(fault => fault.Key).SingleOrDefault());
        if (wrong is not null)
        {
            var refused = await Assert.ThrowsAsync<EngineStartException>(() => EngineHost.StartAsync(
                akka, SourceHarness.Quick with { Remoting = mode }, TestFeatures.Catalog, null!, null!));
            Assert.StartsWith(wrong, refused.Message, StringComparison.Ordinal);
            Assert.Contains("streaming.engine.remoting", refused.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("akka.actor.provider = remote", "akka.actor.provider", "remote")]
    [InlineData("akka.actor.provider = local", "akka.actor.provider", "local")]
    [InlineData("akka.actor.provider = \"Akka.Remote.RemoteActorRefProvider, Akka.Remote\"", "akka.actor.provider", "leave it out")]
    [InlineData("akka.remote.dot-netty.tcp.port = 99999", "akka.remote.dot-netty.tcp.port", "99999, expected a port from 0 to 65535")]
    [InlineData("akka.remote.dot-netty.tcp.port = -1", "akka.remote.dot-netty.tcp.port", "-1, expected")]
    [InlineData("akka.remote.dot-netty.tcp.public-port = many", "akka.remote.dot-netty.tcp.public-port", "many, expected")]
    public void What_the_engine_cannot_start_with_is_a_fault_in_every_mode(string akka, string key, string said)
    {
        var config = ConfigurationFactory.ParseString(akka).WithFallback(StreamingEngine.ReferenceConfig);
        foreach (var mode in Enum.GetValues<RemotingMode>())
        {
            var fault = Assert.Single(RemotingRules.Faults(mode, config), each => each.Key == key);
            Assert.Contains(said, fault.Fault, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("akka.actor.provider = Cluster")]
    [InlineData("akka.actor.provider = \"Akka.Cluster.ClusterActorRefProvider, Akka.Cluster\"")]
    [InlineData("akka.remote.dot-netty.tcp { port = 65535, public-port = 4053 }")]
    public void What_the_engine_can_start_with_is_none(string akka) =>
        Assert.Empty(RemotingRules.Faults(RemotingMode.Off, ConfigurationFactory.ParseString(akka).WithFallback(StreamingEngine.ReferenceConfig)));

    private async Task<string> CertificateAsync()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=node", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        await File.WriteAllBytesAsync(_folder["node.pfx"], certificate.Export(X509ContentType.Pfx, "secret"));
        return _folder["node.pfx"];
    }
}
