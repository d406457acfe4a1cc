// Hot: once per read of a connection.
namespace Streaming.Node.Lane;

/// <summary>
/// Bounds how long one connection is served in a row by the thread that waits for a core's sockets. A client whose next request is there
/// whenever the last is answered never lets that thread go back to its other sockets (<see cref="NodeHost.UseInlineSockets"/>).
/// </summary>
internal static class SocketTurn
{
    /// <summary>Bytes of requests that a connection may have answered in a row: some hundred scores, a millisecond or two.</summary>
    public const int MaxBytes = 16 * 1024;

    [ThreadStatic]
    private static object? _connection;

    [ThreadStatic]
    private static long _bytes;

    /// <summary>
    /// Whether the connection is to go on elsewhere (<c>await Task.Yield()</c>), so that the calling thread can see to others: it was the only
    /// one that this thread served since <see cref="MaxBytes"/> bytes. Then its next turn begins.
    /// </summary>
    /// <param name="connection">The connection, by reference.</param>
    /// <param name="bytes">Length of the requests that are about to be answered, or were.</param>
    public static bool IsOver(object connection, long bytes)
    {
        if (!ReferenceEquals(connection, _connection))
        {
            _connection = connection;
            _bytes = 0;
        }

        _bytes += bytes;
        if (_bytes < MaxBytes)
        {
            return false;
        }

        _connection = null;
        return true;
    }
}
