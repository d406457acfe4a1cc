// Hot: every request passes it.
using Streaming.Node.Http;

namespace Streaming.Node;

/// <summary>The middleware pipeline, in order.</summary>
internal static class NodePipeline
{
    /// <summary>Puts the middleware before the routes, which are to be mapped afterwards.</summary>
    public static void Use(WebApplication app)
    {
        var problems = app.Services.GetRequiredService<ProblemMiddleware>();
        var guard = app.Services.GetRequiredService<RequestGuard>();
        var limit = app.Services.GetRequiredService<RequestLimit>();
        var scores = app.Services.GetRequiredService<ScoreEndpoints>();
        app.Use(next => context => ConnectionFairness.InvokeAsync(context, next));
        app.Use(next => context => problems.InvokeAsync(context, next));
        app.Use(next => context => guard.ProblemOf(context.Request) is { } problem ? problem.WriteAsync(context) : next(context));

        // Authentication belongs here, before everything that answers.
        app.Use(next => context => limit.InvokeAsync(context, next));
        app.Use(next => context =>
            scores.SlotOf(context.Request) is { } slot ? scores.ScoreAsync(context, slot) : OtherAsync(context, next));
        app.UseRouting();
    }

    /// <summary>
    /// Only scores are short enough for the thread that waits for a core's sockets (<see cref="InlineSockets"/>).
    /// </summary>
    private static async Task OtherAsync(HttpContext context, RequestDelegate next)
    {
        await Task.Yield();
        PageHeaders.Set(context);
        await next(context);
    }
}
