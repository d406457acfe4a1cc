using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Confluent.SchemaRegistry;

namespace Streaming.Contracts.Registry;

/// <summary>
/// The requests, by Confluent's own client: its headers, its TLS, and one URL after the other where one does not answer. Its caches are
/// left out: <see cref="CachingSchemaRegistry"/> has one that keeps no failure.
/// </summary>
internal sealed class RegistryTransport : RestService
{
    // The client's loop of tries needs one; whether a request is made again, and when, is for the caller to say.
    private const int Tries = 1;
    private const int WaitMillis = 1;

    public RegistryTransport(SchemaRegistrySettings settings)
        : base(
            string.Join(',', settings.Urls.Select(url => url.AbsoluteUri)),
            MillisOf(settings),
            settings.User is null ? null : new BasicAuthenticationHeaderValueProvider(settings.User, settings.Password ?? ""),
            ClientCertificates(settings),
            enableSslCertificateVerification: true,
            Authorities(settings),
            proxy: null,
            Tries,
            WaitMillis,
            WaitMillis)
    {
    }

    /// <summary>One request whose answer is a JSON object.</summary>
    public Task<T> SendAsync<T>(HttpMethod method, string path, params object[] body) => RequestAsync<T>(path, method, body);

    /// <summary>One request whose answer is a JSON array.</summary>
    public Task<List<T>> ListAsync<T>(string path) => RequestListOfAsync<T>(path, HttpMethod.Get);

    // All URLs together may take what one request may take.
    private static int MillisOf(SchemaRegistrySettings settings) =>
        Math.Max(1, (int)(settings.Timeout.TotalMilliseconds / settings.Urls.Length));

    private static List<X509Certificate2> ClientCertificates(SchemaRegistrySettings settings) => settings.KeystoreFile is { } file
        ? [Loaded("keystore-file", file, () => X509CertificateLoader.LoadPkcs12FromFile(file, settings.KeystorePassword))]
        : [];

    private static List<X509Certificate2>? Authorities(SchemaRegistrySettings settings)
    {
        if (settings.CaFile is not { } file)
        {
            return null;
        }

        var authorities = new X509Certificate2Collection();
        Loaded("ca-file", file, () =>
        {
            authorities.ImportFromPemFile(file);
            return authorities.Count > 0 ? authorities : throw new CryptographicException("it holds no certificate in PEM");
        });
        return [.. authorities];
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
