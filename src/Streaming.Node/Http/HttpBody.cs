using System.Buffers;
using Microsoft.Net.Http.Headers;

namespace Streaming.Node.Http;

/// <summary>Reads a request's body whole; Kestrel bounds its size.</summary>
internal static class HttpBody
{
    /// <summary>Whether the request's headers say that its body is plain JSON, or say nothing.</summary>
    public static bool IsJson(HttpRequest request) => EncodingOf(request) is null && HasJsonType(request);

    /// <summary>How the body is compressed, as its header has it; null for not at all. The node decodes nothing: a small body may become a huge one.</summary>
    public static string? EncodingOf(HttpRequest request) =>
        request.Headers.ContentEncoding is { Count: > 0 } met && !met.ToString().Equals("identity", StringComparison.OrdinalIgnoreCase) ? met.ToString() : null;

    /// <summary>
    /// The body's bytes; to be given back with <c>BodyReader.AdvanceTo</c>. Where they had to be awaited the caller goes on on the thread
    /// pool: they come on the thread that serves a core's sockets, which must not do the request's work (<see cref="NodeHost.UseInlineSockets"/>).
    /// </summary>
    /// <exception cref="BadHttpRequestException">It is too large, too slow, or ends early.</exception>
    public static async ValueTask<ReadOnlySequence<byte>> ReadAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        var isAwaited = false;
        while (true)
        {
            var read = reader.ReadAsync(context.RequestAborted);
            isAwaited |= !read.IsCompleted;
            var result = await read;
            if (result.IsCompleted)
            {
                if (isAwaited)
                {
                    await Task.Yield();
                }

                return result.Buffer;
            }

            reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
        }
    }

    /// <summary>The body's bytes as an array of their own.</summary>
    /// <exception cref="BadHttpRequestException">It is too large, too slow, or ends early.</exception>
    public static async ValueTask<byte[]> ReadArrayAsync(HttpContext context)
    {
        var body = await ReadAsync(context);
        var bytes = body.ToArray();
        context.Request.BodyReader.AdvanceTo(body.End);
        return bytes;
    }

    private static bool HasJsonType(HttpRequest request)
    {
        if (string.IsNullOrEmpty(request.ContentType) || request.ContentType == "application/json")
        {
            return true;
        }

        return MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && (type.MatchesMediaType("application/json") || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
            && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));
    }
}
