using Streaming.Log;
using Streaming.Node.Settings;

namespace Streaming.Node.Http;

/// <summary>Turns whatever goes wrong under it into problem details; the one table from errors to statuses.</summary>
internal sealed class ProblemMiddleware(HttpSettings http, ILogger<ProblemMiddleware> logger)
{
    /// <summary>Runs the rest of the pipeline.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var problem = await TryAsync(context, next);
        if (problem is null && context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null })
        {
            problem = Problems.Of(context.Response.StatusCode, context.Request, http.MaxRequestBytes);
        }

        if (problem is not null && !context.Response.HasStarted)
        {
            await problem.WriteAsync(context);
        }
    }

    private async Task<Problem?> TryAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
            return null;
        }
        catch (BadHttpRequestException e)
        {
            return Problems.Of(e.StatusCode, context.Request, http.MaxRequestBytes);
        }
        catch (TimeoutException)
        {
            return Problems.EntityTimeout;
        }
        catch (EventLogException e)
        {
            NodeLog.LogFailed(logger, e.Retriable, e);
            return e.Retriable ? Problems.LogUnavailable("The event log did not take the events; try again.") : Problems.Internal;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return null;
        }
#pragma warning disable CA1031 // The last resort: a request ends with a problem, the node goes on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            NodeLog.RequestFailed(logger, context.Request.Method, (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText, e);
            return Problems.Internal;
        }
    }
}
