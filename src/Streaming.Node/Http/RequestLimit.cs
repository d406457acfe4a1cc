// Hot: counts every request in and out.
namespace Streaming.Node.Http;

/// <summary>
/// Bounds how many requests are under way at once; more are refused with 503. Health and metrics are always answered.
/// </summary>
internal sealed class RequestLimit(int limit)
{
    private int _count;

    /// <summary>Requests under way.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Runs the rest of the pipeline, or refuses the request.</summary>
    public Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (Interlocked.Increment(ref _count) > limit && !IsOperation(context.Request.Path))
        {
            Interlocked.Decrement(ref _count);
            return NodeProblems.TooManyRequests.WriteAsync(context);
        }

        var answering = next(context);
        if (!answering.IsCompleted)
        {
            return LeaveAfterAsync(answering);
        }

        Interlocked.Decrement(ref _count);
        return answering;
    }

    private static bool IsOperation(PathString path) => path.StartsWithSegments("/health") || path.StartsWithSegments("/metrics");

    private async Task LeaveAfterAsync(Task answering)
    {
        try
        {
            await answering;
        }
        finally
        {
            Interlocked.Decrement(ref _count);
        }
    }
}
