using Streaming.Node.Lane;

namespace Streaming.Node.Http;

/// <summary>
/// Keeps requests off the thread that serves a core's sockets, which calls it: only scores are short enough for that thread, and not too many of
/// them in a row (<see cref="NodeHost.UseInlineSockets"/>).
/// </summary>
internal static class SocketTurnMiddleware
{
    /// <summary>What a request's line and headers are taken for.</summary>
    private const int HeadBytes = 256;

    /// <summary>Runs the rest of the pipeline, on the thread pool where the caller has others to see to.</summary>
    public static Task InvokeAsync(HttpContext context, RequestDelegate next) =>
        context.Request.Path.Equals("/score", StringComparison.Ordinal) && !SocketTurn.IsOver(context.Connection.Id, HeadBytes + (context.Request.ContentLength ?? 0))
            ? next(context)
            : GoOnElsewhereAsync(context, next);

    private static async Task GoOnElsewhereAsync(HttpContext context, RequestDelegate next)
    {
        await Task.Yield();
        await next(context);
    }
}
