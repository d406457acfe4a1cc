namespace Streaming.Node.Http;

/// <summary>
/// What browsers may do with an answer: nothing, except for the node's own pages, which no other page may frame.
/// </summary>
internal static class PageHeaders
{
    /// <summary>For the status page, whose script and style are its own.</summary>
    public const string StatusPage =
        "default-src 'none'; connect-src 'self'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; " +
        "form-action 'none'; frame-ancestors 'none'";

    private const string Answer = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    private const string TryOut =
        "default-src 'self'; img-src 'self' data:; font-src 'self' data:; style-src 'self' 'unsafe-inline'; script-src 'self' " +
        "'unsafe-inline'; worker-src 'self' blob:; base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Sets the headers, for who answers to replace.</summary>
    public static void Set(HttpContext context)
    {
        context.Response.Headers.XContentTypeOptions = "nosniff";
        context.Response.Headers.ContentSecurityPolicy = context.Request.Path.StartsWithSegments("/scalar") ? TryOut : Answer;
    }
}
