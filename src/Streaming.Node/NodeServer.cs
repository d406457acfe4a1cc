using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Streaming.Node.Http;
using Streaming.Node.Settings;

namespace Streaming.Node;

/// <summary>Configures Kestrel: the address to listen on and the limits for every client.</summary>
internal static class NodeServer
{
    private const double LeastBytesPerSecond = 240;
    private const int ConnectionBufferBytes = 64 * 1024;

    /// <summary>Sets Kestrel up by the settings.</summary>
    public static void Configure(IWebHostBuilder web, HttpSettings http)
    {
        web.UseKestrelCore().UseKestrelHttpsConfiguration();
        web.UseSockets(options =>
        {
            // Work on a connection is short, and 4 KB for an idle connection is cheaper than a system call for each request.
            options.UnsafePreferInlineScheduling = true;
            options.WaitForDataBeforeAllocatingBuffer = false;
        });
        web.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = http.MaxRequestBytes;
            options.Limits.MaxConcurrentConnections = http.MaxConnections;
            options.Limits.KeepAliveTimeout = http.KeepAliveTimeout;
            options.Limits.RequestHeadersTimeout = http.ClientTimeout;
            options.Limits.MinRequestBodyDataRate = new(LeastBytesPerSecond, http.ClientTimeout);
            options.Limits.MinResponseDataRate = new(LeastBytesPerSecond, http.ClientTimeout);
            options.Limits.MaxRequestBufferSize = ConnectionBufferBytes;
            options.Listen(
                http.Listen,
                listen =>
                {
                    if (http.InlineSockets)
                    {
                        listen.Use(InlineSockets.Use);
                    }

                    UseTls(listen, http.Tls);
                });
        });
    }

    private static void UseTls(ListenOptions listen, HttpTlsSettings? tls)
    {
        // HTTP/2 is negotiated within TLS; without TLS only HTTP/1.1 is served.
        listen.Protocols = tls is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
        if (tls is not null)
        {
            listen.UseHttps(new HttpsConnectionAdapterOptions { ServerCertificate = tls.Certificate, ServerCertificateChain = tls.Chain });
        }
    }
}
