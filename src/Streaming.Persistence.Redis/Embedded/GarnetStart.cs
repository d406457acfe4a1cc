using System.Net;
using System.Net.Sockets;
using Garnet;

namespace Streaming.Persistence.Redis.Embedded;

/// <summary>Starts a Garnet over what a directory holds. It blocks while that is recovered.</summary>
internal static class GarnetStart
{
    private const int PortTries = 5;

    /// <exception cref="SlotStoreException">The port is taken, or the files cannot be read; the text says which.</exception>
    public static (IGarnet Server, int Port) Run(EmbeddedRedisSettings settings, string directory, string password)
    {
        for (var tries = 1; ; tries++)
        {
            var port = settings.Port > 0 ? settings.Port : FreePort();
            GarnetServer? server = null;
            try
            {
                server = new(GarnetArguments.Of(settings, directory, port, password));
                server.Start();
                return (new RunningGarnet(server), port);
            }
            catch (SocketException) when (settings.Port == 0 && tries < PortTries)
            {
                // Another took the port that was free a moment ago.
                server?.Dispose();
            }
#pragma warning disable CA1031 // Garnet throws bare exceptions, too.
            catch (Exception e)
#pragma warning restore CA1031
            {
                server?.Dispose();
                throw new SlotStoreException(
                    $"The embedded Redis did not start on 127.0.0.1:{port} over {directory}: {e.Message} Look at the port " +
                    "(streaming.redis.embedded.port), the space on the disk and the files; docs/persistence.md has the ways out.",
                    retriable: false,
                    e);
            }
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
