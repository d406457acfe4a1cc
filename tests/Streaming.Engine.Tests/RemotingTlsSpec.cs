using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Streaming.Contracts.Registry;
using Streaming.Engine.Remoting;
using Streaming.Log.Embedded;

namespace Streaming.Engine.Tests;

/// <summary>Nodes with certificates from files, on the loopback.</summary>
public sealed class RemotingTlsSpec : IDisposable
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(10);
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task Two_nodes_whose_authority_is_trusted_talk()
    {
        Skip.If(TestAuthority.SkipReason is not null, TestAuthority.SkipReason);
        await using var first = await TlsNode.StartAsync(_folder, "first");
        await using var second = await TlsNode.StartAsync(_folder, "second");
        var guard = first.System.ActorSelection(new RootActorPath(second.Address) / "user" / "guard");
        Assert.Equal(second.Address, (await guard.ResolveOne(s_limit)).Path.Address);
    }

    /// <param name="certificate">Whether the client has one, of an authority that the node does not trust.</param>
    [SkippableTheory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_client_without_a_certificate_that_the_node_trusts_is_disconnected(bool certificate)
    {
        Skip.If(TestAuthority.SkipReason is not null, TestAuthority.SkipReason);
        await using var node = await TlsNode.StartAsync(_folder, "node");
        using var own = certificate ? TestAuthority.Issue(trusted: false) : null;
        using var client = new TcpClient();
        await client.ConnectAsync(node.Address.Host, node.Address.Port!.Value);
        await using var tls = new SslStream(client.GetStream());
        Assert.True(await IsDisconnectedAsync(tls, own).WaitAsync(s_limit), "the node answered");
    }

    // In TLS 1.3 a client's handshake ends before the server has judged its certificate: the first read tells. Without a refusal it would
    // wait for Akka's handshake, which takes longer than the test.
    private static async Task<bool> IsDisconnectedAsync(SslStream tls, X509Certificate2? certificate)
    {
        try
        {
            await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "node",
                ClientCertificates = certificate is null ? [] : [certificate],
            });
            return await tls.ReadAsync(new byte[1]) == 0;
        }
        catch (IOException)
        {
            return true;
        }
        catch (AuthenticationException)
        {
            return false;
        }
    }

    private sealed class TlsNode(EmbeddedEventLog log, EngineHost host) : IAsyncDisposable
    {
        public ActorSystem System => host.System;

        public Address Address => Akka.Cluster.Cluster.Get(System).SelfAddress;

        public static async Task<TlsNode> StartAsync(TempFolder folder, string name)
        {
            var file = folder[$"{name}.pfx"];
            using var certificate = TestAuthority.Issue(trusted: true);
            await File.WriteAllBytesAsync(file, certificate.Export(X509ContentType.Pfx, "secret"));
            var tls = $"akka.remote.dot-netty.tcp {{ enable-ssl = on, ssl.certificate {{ path = \"{file}\", password = secret }} }}\n";
            var log = EmbeddedEventLog.Open(new EmbeddedLogSettings(folder[$"{name}.db"]));
            return new TlsNode(log, await EngineHost.StartAsync(
                tls + "akka.loglevel = OFF",
                SourceHarness.Quick with { Remoting = RemotingMode.Tls },
                TestFeatures.Catalog,
                log,
                new EmbeddedSchemaRegistry(folder[name])));
        }

        public async ValueTask DisposeAsync()
        {
            await host.DisposeAsync();
            await log.DisposeAsync();
        }
    }
}
