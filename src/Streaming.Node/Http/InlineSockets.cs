using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace Streaming.Node.Http;

/// <summary>
/// Runs what follows on a connection on the threads that wait for sockets, one a core, instead of on the thread pool: it saves a third
/// of a score's cost (docs/adr/0004-score-middleware.md). Only for sockets of HTTP, whose work does not block: a session of the embedded
/// Redis waits until its client reads, and would so wait for the very thread that it holds.
/// </summary>
internal static class InlineSockets
{
    /// <summary>The connection middleware; before TLS.</summary>
    public static ConnectionDelegate Use(ConnectionDelegate next) => connection =>
    {
        if (!OperatingSystem.IsWindows() && connection.Features.Get<IConnectionSocketFeature>() is { } feature)
        {
            SetPreferInlineCompletions(feature.Socket, true);
        }

        return next(connection);
    };

    // Kept in .NET for such use (SocketAsyncContext.PreferInlineCompletions); the public switch is the process's.
    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "set_PreferInlineCompletions")]
    private static extern void SetPreferInlineCompletions(Socket socket, bool value);
}
