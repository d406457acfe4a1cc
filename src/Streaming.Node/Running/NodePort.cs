using System.Net;
using System.Net.Sockets;

namespace Streaming.Node.Running;

/// <summary>The port that a node listens on.</summary>
public static class NodePort
{
    /// <summary>
    /// Looks whether it is free, before the engine starts, which takes seconds; a port that is taken in between is found by the server.
    /// </summary>
    /// <exception cref="NodeStartException">It is not.</exception>
    public static void RequireFree(IPEndPoint listen)
    {
        using var probe = new TcpListener(listen);
        try
        {
            probe.Start();
        }
        catch (SocketException error)
        {
            throw NotFree(listen, error);
        }
    }

    /// <summary>A URL that a client on this machine can open: every interface is no address to go to.</summary>
    internal static string Openable(string url) => url
        .Replace("://[::]", "://localhost", StringComparison.Ordinal)
        .Replace("://0.0.0.0", "://localhost", StringComparison.Ordinal);

    /// <summary>Starts the server.</summary>
    /// <exception cref="NodeStartException">Its port is taken.</exception>
    internal static async Task StartAsync(WebApplication http, IPEndPoint listen, CancellationToken cancellation)
    {
        try
        {
            // Not cancelled half way, which the host would log as a failure; a start takes a second or two.
            await http.StartAsync(CancellationToken.None);
            cancellation.ThrowIfCancellationRequested();
        }
        catch (IOException error)
        {
            throw NotFree(listen, error);
        }
    }

    private static NodeStartException NotFree(IPEndPoint listen, Exception error) => new(
        $"HTTP cannot listen on {listen}: {error.Message.TrimEnd('.')}; is a node running already? Take another port with --port N, or " +
        "end the other process",
        error);
}
