// Hot: once per request.
namespace Streaming.Node.Http;

/// <summary>
/// Bounds how many requests of one connection a thread answers in a row. Otherwise a client that pipelines
/// requests would keep the thread until its answers fill the socket, and a few such clients would keep all threads.
/// </summary>
internal static class ConnectionFairness
{
    private const int RequestsMax = 32;

    [ThreadStatic]
    private static string? s_connection;

    [ThreadStatic]
    private static int s_requests;

    /// <summary>Runs the rest of the pipeline; after waiting for a thread if the connection has used up its turn.</summary>
    public static Task InvokeAsync(HttpContext context, RequestDelegate next) =>
        IsOver(context.Connection.Id) ? YieldFirstAsync(context, next) : next(context);

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

    private static async Task YieldFirstAsync(HttpContext context, RequestDelegate next)
    {
        await Task.Yield();
        await next(context);
    }
}
