using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Streaming.Contracts.Registry;

/// <summary>The connections to a registry: one client for each URL, with the settings' certificates.</summary>
internal static class RegistryClients
{
    /// <summary>A schema is a few kilobytes; an endless answer is a fault.</summary>
    private const int MaxAnswerBytes = 16 * 1024 * 1024;

    private static readonly TimeSpan s_connectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>One request's time-out covers all URLs together.</summary>
    /// <exception cref="ArgumentException">A file of certificates cannot be used.</exception>
    public static List<HttpClient> Of(SchemaRegistrySettings settings)
    {
        var tls = TlsOf(settings);
        return settings.Urls.Select(url => new HttpClient(
            new SocketsHttpHandler { SslOptions = tls, PooledConnectionLifetime = s_connectionLifetime })
        {
            BaseAddress = new Uri(url.AbsoluteUri.TrimEnd('/') + "/"),
            Timeout = settings.Timeout / settings.Urls.Length,
            MaxResponseContentBufferSize = MaxAnswerBytes,
        }).ToList();
    }

    private static SslClientAuthenticationOptions TlsOf(SchemaRegistrySettings settings)
    {
        var tls = new SslClientAuthenticationOptions();
        if (settings.CaFile is { } authorities)
        {
            var policy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            policy.CustomTrustStore.AddRange(Loaded("ca-file", authorities, () => Authorities(authorities)));
            tls.CertificateChainPolicy = policy;
        }

        if (settings.KeystoreFile is { } keystore)
        {
            var own = Loaded(
                "keystore-file", keystore, () => X509CertificateLoader.LoadPkcs12FromFile(keystore, settings.KeystorePassword));
            tls.ClientCertificates = [own];
            tls.LocalCertificateSelectionCallback = (_, _, _, _, _) => own;
        }

        return tls;
    }

    private static X509Certificate2Collection Authorities(string file)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(file);
        return authorities.Count > 0 ? authorities : throw new CryptographicException("it holds no certificate in PEM");
    }

    private static T Loaded<T>(string key, string file, Func<T> load)
    {
        try
        {
            return load();
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"streaming.schema.registry.{key} names \"{file}\", which cannot be used: {error.Message}", error);
        }
    }
}
