using Microsoft.AspNetCore.Connections;
using Streaming.Log;
using Streaming.Node.Settings;

namespace Streaming.Node.Http;

/// <summary>Turns exceptions and error statuses into problem details; the one table from errors to statuses.</summary>
internal sealed class ProblemMiddleware(HttpSettings http, ILogger<ProblemMiddleware> logger, NodeParts parts, ScoreEndpoints scores)
{
    // Kestrel has closed the connection when it says so, and has no other sign of it that is there in time.
    private const string EndedWithinBody = "Unexpected end of request content.";

    private readonly LogThrottle _logFailures = new(parts.Clock);

    /// <summary>Runs the rest of the pipeline.</summary>
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var problem = await TryAsync(context, next);
        if (problem is null && context.Response is { HasStarted: false, StatusCode: >= 400, ContentType: null })
        {
            problem = StatusProblems.Of(context.Response.StatusCode, context.Request, http.MaxRequestBytes);
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
        catch (Exception e) when (IsClientGone(e, context))
        {
            Leave(context, e);
            return null;
        }
        catch (BadHttpRequestException e)
        {
            return StatusProblems.Of(e.StatusCode, context.Request, http.MaxRequestBytes);
        }
        catch (TimeoutException)
        {
            return NodeProblems.EntityTimeout;
        }
        catch (EventLogException e)
        {
            if (_logFailures.IsDue(out var others))
            {
                NodeLog.LogFailed(logger, e.Message, others);
            }

            return NodeProblems.LogUnavailable(e.Retriable
                ? "The event log failed, but may hold the events; events that are sent again count again."
                : "The event log takes no events until an operator repairs it; the node's log says why.");
        }
#pragma warning disable CA1031 // The last resort: the request ends with a problem and the node goes on.
        catch (Exception e)
#pragma warning restore CA1031
        {
            NodeLog.RequestFailed(logger, context.Request.Method, RouteOf(context), e);
            return NodeProblems.Internal;
        }
    }

    /// <summary>Ends a request whose client is gone: nothing is wrong with the node.</summary>
    private void Leave(HttpContext context, Exception e)
    {
        NodeLog.ClientGone(logger, context.Request.Method, RouteOf(context), e.Message);

        // Or else Kestrel reads on in a body whose end cannot come, and logs an error of its own.
        context.Abort();
    }

    /// <summary>The connection may fail a read before the request's token says that it is closed.</summary>
    private static bool IsClientGone(Exception e, HttpContext context) =>
        e is ConnectionResetException or ConnectionAbortedException
            || e.InnerException is ConnectionResetException or ConnectionAbortedException
            || e is BadHttpRequestException { Message: EndedWithinBody }
        || (e is OperationCanceledException or IOException && context.RequestAborted.IsCancellationRequested);

    /// <summary>The pattern of a route: a path may hold an entity key. A score is answered before there is a route.</summary>
    private string? RouteOf(HttpContext context) =>
        (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText
            ?? (scores.SlotOf(context.Request) is null ? null : context.Request.Path.Value);
}
