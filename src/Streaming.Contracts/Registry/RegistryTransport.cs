using System.Runtime.CompilerServices;
using Confluent.SchemaRegistry;

namespace Streaming.Contracts.Registry;

/// <summary>
/// The requests, by Confluent's own client: its headers, its codes, and one URL after the other where one does not answer. Its caches are
/// not used: <see cref="CachingSchemaRegistry"/> caches no failure. Nor is its TLS with a private authority, which accepts any host
/// name and refuses a registry that does not send the authority's certificate.
/// </summary>
internal sealed class RegistryTransport : RestService
{
    // One try: the caller decides whether and when to try again.
    private const int Tries = 1;
    private const int WaitMillis = 1;

    public RegistryTransport(SchemaRegistrySettings settings)
        : base(
            string.Join(',', settings.Urls.Select(url => url.AbsoluteUri)),
            (int)settings.Timeout.TotalMilliseconds,
            settings.User is null ? null : new BasicAuthenticationHeaderValueProvider(settings.User, settings.Password ?? ""),
            certificates: [],
            enableSslCertificateVerification: true,
            sslCaCertificates: null,
            proxy: null,
            Tries,
            WaitMillis,
            WaitMillis)
    {
        var clients = Clients(this);
        clients.ForEach(client => client.Dispose());
        clients.Clear();
        clients.AddRange(RegistryClients.Of(settings));
    }

    /// <summary>One request whose answer is a JSON object.</summary>
    public Task<T> SendAsync<T>(HttpMethod method, string path, params object[] body) => RequestAsync<T>(path, method, body);

    /// <summary>One request whose answer is a JSON array.</summary>
    public Task<List<T>> ListAsync<T>(string path) => RequestListOfAsync<T>(path, HttpMethod.Get);

    // The client takes no handler. Its version is pinned, and the tests of TLS fail where this no longer holds.
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "clients")]
    private static extern ref List<HttpClient> Clients(RestService service);
}
