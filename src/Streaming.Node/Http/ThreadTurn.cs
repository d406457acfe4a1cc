// Hot: once per request.
namespace Streaming.Node.Http;

/// <summary>
/// Bounds how many requests of one connection a thread answers in a row. A client that has sent its next request before the last is
/// answered would else keep the thread until its answers have no room left, and a few such clients all threads.
/// </summary>
internal static class ThreadTurn
{
    private const int RequestsMax = 32;

    [ThreadStatic]
    private static string? s_connection;

    [ThreadStatic]
    private static int s_requests;

    /// <summary>Runs the rest of the pipeline, behind what waits for a thread where the connection had its turn.</summary>
    public static Task InvokeAsync(HttpContext context, RequestDelegate next) =>
        IsOver(context.Connection.Id) ? LaterAsync(context, next) : next(context);

    private static bool IsOver(string connection)
    {
        if (!ReferenceEquals(connection, s_connection))
        {
            (s_connection, s_requests) = (connection, 0);
        }

        if (++s_requests <= RequestsMax)
        {
            return false;
        }

        s_connection = null;
        return true;
    }

    private static async Task LaterAsync(HttpContext context, RequestDelegate next)
    {
        await Task.Yield();
        await next(context);
    }
}
