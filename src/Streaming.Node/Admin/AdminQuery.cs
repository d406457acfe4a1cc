using Streaming.Node.Http;

namespace Streaming.Node.Admin;

/// <summary>Refuses query parameters that a route of the admin server does not know.</summary>
internal static class AdminQuery
{
    /// <summary>The route's answer, where its query has no other parameters than these.</summary>
    public static RequestDelegate Takes(RequestDelegate answer, params string[] known) => context =>
        QueryParameters.FindUnknown(context.Request, known) is { } found
            ? AdminProblem.UnknownParameterAsync(context, found, known)
            : answer(context);
}
