using System.Collections.Immutable;
using System.Net;

namespace Streaming.Node.Settings;

/// <summary>The keys under <c>streaming.http</c>.</summary>
public sealed record HttpSettings(
    IPEndPoint Listen,
    ImmutableArray<string> Hosts,
    ImmutableArray<string> Origins,
    int MaxRequestBytes,
    int MaxConnections,
    int MaxRequests,
    int MaxBytesInFlight,
    TimeSpan KeepAliveTimeout,
    TimeSpan ClientTimeout,
    TimeSpan ShutdownTimeout,
    bool InlineSockets,
    HttpTlsSettings? Tls)
{
    internal static HttpSettings Read(SettingsReader reader) => new(
        reader.EndPoint("streaming.http.listen"),
        HttpNames.Hosts(reader, "streaming.http.hosts"),
        HttpNames.Origins(reader, "streaming.http.origins"),
        reader.WholeNumber("streaming.http.max-request-bytes", 1024, 104_857_600),
        reader.WholeNumber("streaming.http.max-connections", 1, 1_000_000),
        reader.WholeNumber("streaming.http.max-requests", 1, 1_000_000),
        reader.WholeNumber("streaming.http.max-bytes-in-flight", 65_536, int.MaxValue),
        reader.Duration("streaming.http.keep-alive-timeout", TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)),
        reader.Duration("streaming.http.client-timeout", TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(10)),
        reader.Duration("streaming.http.shutdown-timeout", TimeSpan.Zero, TimeSpan.FromMinutes(10)),
        reader.Flag("streaming.http.inline-sockets"),
        HttpTlsSettings.Read(reader));
}
