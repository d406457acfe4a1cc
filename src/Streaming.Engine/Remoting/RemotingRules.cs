using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Akka.Cluster;
using Akka.Configuration;

namespace Streaming.Engine.Remoting;

/// <summary>What Akka's part of the configuration must say for a <see cref="RemotingMode"/>.</summary>
public static class RemotingRules
{
    private const string Mode = "streaming.engine.remoting";
    private const string Seeds = "akka.cluster.seed-nodes";
    private const string Transports = "akka.remote.enabled-transports";
    private const string Tcp = "akka.remote.dot-netty.tcp";
    private const string Ssl = Tcp + ".ssl";
    private const string NoPeers = "akka.remote.no-peers";
    private const string Provider = "akka.actor.provider";
    private const int PortMax = 65535;
    private static readonly string[] s_ports = [Tcp + ".port", Tcp + ".public-port"];

    /// <summary>The faults, each with its key; empty when there is none.</summary>
    /// <param name="mode">How the node may be reached.</param>
    /// <param name="akka">The whole configuration.</param>
    public static IEnumerable<(string Key, string Fault)> Faults(RemotingMode mode, Config akka) =>
    [
        .. FaultsOfAny(akka),
        .. mode switch
        {
            RemotingMode.Off => FaultsOfOff(akka),
            RemotingMode.Tls => FaultsOfTls(akka),
            _ => [],
        },
    ];

    /// <summary>The configuration with the transport of the mode.</summary>
    internal static Config Apply(RemotingMode mode, Config akka) => mode == RemotingMode.Off
        ? akka
        : ConfigurationFactory.ParseString($"{Transports} = [\"{Tcp}\"]").WithFallback(akka);

    private static IEnumerable<(string Key, string Fault)> FaultsOfAny(Config akka)
    {
        // Akka takes the class, too, and names without regard to case.
        var provider = akka.GetString(Provider);
        if (!string.Equals(provider, "cluster", StringComparison.OrdinalIgnoreCase)
            && provider?.StartsWith(typeof(ClusterActorRefProvider).FullName!, StringComparison.Ordinal) != true)
        {
            yield return (Provider, $"is {provider}, and a node's entities need a cluster, if only of itself; leave it out");
        }

        foreach (var key in s_ports)
        {
            if (akka.GetString(key) is { } port
                && !(int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= PortMax))
            {
                yield return (key, $"is {port}, expected a port from 0 to {PortMax}; 0 takes a free one");
            }
        }
    }

    private static IEnumerable<(string Key, string Fault)> FaultsOfOff(Config akka)
    {
        if (akka.GetStringList(Seeds) is { Count: > 0 })
        {
            yield return (
                Seeds,
                $"names other nodes, while {Mode} is off; "
                + $"set that to tls (with {Ssl}), or to trusted-network where nobody else reaches {Tcp}");
        }

        if (akka.GetStringList(Transports) is var transports && transports.Any(transport => transport != NoPeers))
        {
            yield return (
                Transports, $"is [{string.Join(", ", transports)}], which listens, while {Mode} is off; leave it out and set {Mode}");
        }
    }

    private static IEnumerable<(string Key, string Fault)> FaultsOfTls(Config akka)
    {
        if (!akka.GetBoolean(Tcp + ".enable-ssl"))
        {
            yield return (Tcp + ".enable-ssl", $"is off, while {Mode} is tls; set it to on");
        }

        if (!akka.GetBoolean(Ssl + ".require-mutual-authentication", true))
        {
            yield return (
                Ssl + ".require-mutual-authentication",
                $"is off: any client could stop this node's actors; set it to on, for {Mode} = tls means certificates on both sides");
        }

        if (akka.GetBoolean(Ssl + ".suppress-validation"))
        {
            yield return (
                Ssl + ".suppress-validation",
                $"is on: any certificate would do; set it to off, for {Mode} = tls means certificates that this node trusts");
        }

        var (path, thumbprint) = (akka.GetString(Ssl + ".certificate.path"), akka.GetString(Ssl + ".certificate.thumbprint"));
        if (string.IsNullOrEmpty(path) && string.IsNullOrEmpty(thumbprint))
        {
            yield return (
                Ssl + ".certificate.path", $"is empty, while {Mode} is tls; name this node's certificate with its key (PKCS #12)");
        }
        else if (!string.IsNullOrEmpty(path) && FaultOfCertificate(path, akka.GetString(Ssl + ".certificate.password")) is { } fault)
        {
            yield return (Ssl + ".certificate.path", fault);
        }
    }

    private static string? FaultOfCertificate(string path, string? password)
    {
        try
        {
            using var certificate = X509CertificateLoader.LoadPkcs12FromFile(path, password);
            return certificate.HasPrivateKey
                ? null
                : $"names {path}, which has no private key, while {Mode} is tls; export the certificate with its key";
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return $"names {path}, which cannot be read as PKCS #12 with {Ssl}.certificate.password, while {Mode} is tls: "
                + e.Message.TrimEnd('.');
        }
    }
}
