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

    /// <summary>The body's bytes; to be given back with <c>BodyReader.AdvanceTo</c>.</summary>
    /// <exception cref="BadHttpRequestException">It is too large, too slow, or ends early.</exception>
    public static async ValueTask<ReadOnlySequence<byte>> ReadAsync(HttpContext context)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            // Kestrel ends the read when the client goes away; a token of the request would cost an allocation.
            var result = await reader.ReadAsync();
            if (result.IsCompleted)
            {
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
