using System.Globalization;
using Streaming.Scoring.Requests;

namespace Streaming.Node.Http;

/// <summary>The problems of statuses that ASP.NET Core sets by itself.</summary>
internal static class StatusProblems
{
    /// <summary>For statuses that ASP.NET Core sets by itself.</summary>
    public static Problem Of(int status, HttpRequest request, int maxRequestBytes) => status switch
    {
        404 => new(404, "not-found", "There is no such path",
            $"There is nothing at {Excerpt.Of(RouteOf(request))}; / has the status page, /scalar lists every route."),
        405 => new(405, "method-not-allowed", "The path does not allow this method",
            $"{request.Method} is not allowed here; the header Allow lists the methods that are."),
        408 => new(408, "client-too-slow", "The request came too slowly", "The body did not arrive in time; send it again."),
        413 => new(413, "too-large", "The body is too large", string.Create(
            CultureInfo.InvariantCulture,
            $"A body may have {maxRequestBytes} bytes (streaming.http.max-request-bytes); send less at once.")),
        415 when HttpBody.EncodingOf(request) is { } encoding => new(415, "wrong-content-encoding", "The body is compressed",
            $"Content-Encoding is \"{Excerpt.Of(encoding)}\"; send the body as it is, without this header.")
        {
            AcceptEncoding = "identity",
        },
        415 => new(415, "wrong-media-type", "The body is not declared as JSON",
            $"Content-Type is {(request.ContentType is { } type ? $"\"{Excerpt.Of(type)}\"" : "missing")}, expected application/json " +
            "(curl: -H 'Content-Type: application/json')."),
        503 => NodeProblems.TooManyBytes,
        _ => new(status, "bad-request", "The request is not valid HTTP",
            "The request cannot be read as HTTP; check its headers and the length of its body."),
    };

    /// <summary>The first element of a path only: the rest may hold an entity key.</summary>
    private static string RouteOf(HttpRequest request)
    {
        var path = request.Path.Value ?? "/";
        var end = path.IndexOf('/', Math.Min(1, path.Length));
        return end < 0 ? path : path[..end] + "/...";
    }
}
