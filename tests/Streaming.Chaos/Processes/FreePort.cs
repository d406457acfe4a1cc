using System.Net;
using System.Net.Sockets;

namespace Streaming.Chaos.Processes;

/// <summary>Ports for servers that are killed and come back: below those that the system gives to outgoing connections.</summary>
internal static class FreePort
{
    private const int First = 20_000;
    private const int Until = 32_000;

    /// <summary>One that is free, and the next one too, which a broker takes.</summary>
    public static int Find()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Until);
            if (IsFree(port) && IsFree(port + 1))
            {
                return port;
            }
        }
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
