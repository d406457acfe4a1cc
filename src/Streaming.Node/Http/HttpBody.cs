// Hot: ReadAsync, where the body is there at once.
using System.Buffers;
using Microsoft.AspNetCore.Connections;
using Microsoft.Net.Http.Headers;

namespace Streaming.Node.Http;

/// <summary>Reads a request's body whole; Kestrel bounds its size, a <see cref="BodyBudget"/> that of all together.</summary>
internal static class HttpBody
{
    /// <summary>
    /// Whether the request's headers say that its body is plain JSON. One that says nothing may come from a page of another origin.
    /// </summary>
    public static bool IsJson(HttpRequest request) => EncodingOf(request) is null && HasJsonType(request.ContentType);

    /// <summary>
    /// How the body is compressed, as its header has it; null for not at all. The node decodes nothing: a small body may become a huge
    /// one.
    /// </summary>
    public static string? EncodingOf(HttpRequest request) =>
        request.Headers.ContentEncoding is { Count: > 0 } met && !met.ToString().Equals("identity", StringComparison.OrdinalIgnoreCase)
            ? met.ToString()
            : null;

    /// <summary>The body's bytes; to be given back with <c>BodyReader.AdvanceTo</c>.</summary>
    /// <exception cref="BadHttpRequestException">It is too large, too slow, damaged, or ends early; or the node holds too many
    /// already.</exception>
    public static async ValueTask<ReadOnlySequence<byte>> ReadAsync(HttpContext context, BodyLease? lease = null)
    {
        var reader = context.Request.BodyReader;
        try
        {
            while (true)
            {
                // Kestrel ends the read when the client goes away; a token of the request would cost an allocation.
                var result = await reader.ReadAsync();
                lease ??= result.IsCompleted ? null : BodyLease.For(context);
                if (lease?.TryGrow(result.Buffer.Length) == false)
                {
                    // Given back, for the server reads what is left of the body by itself.
                    reader.AdvanceTo(result.Buffer.End);
                    throw new BadHttpRequestException("streaming.http.max-bytes-in-flight", StatusCodes.Status503ServiceUnavailable);
                }

                if (result.IsCompleted)
                {
                    return result.Buffer;
                }

                reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
            }
        }
        catch (IOException e) when (e is not BadHttpRequestException and not ConnectionResetException)
        {
            // How Kestrel says that a chunk's size is no number that it can count.
            throw new BadHttpRequestException(e.Message, StatusCodes.Status400BadRequest, e);
        }
    }

    /// <summary>The body's bytes as an array of their own.</summary>
    /// <exception cref="BadHttpRequestException">It is too large, too slow, damaged, or ends early; or the node holds too many
    /// already.</exception>
    public static async ValueTask<byte[]> ReadArrayAsync(HttpContext context)
    {
        var body = await ReadAsync(context, BodyLease.For(context));
        var bytes = body.ToArray();
        context.Request.BodyReader.AdvanceTo(body.End);

        // It may have come on the thread that waits for a core's sockets, which must not do the request's work (NodeHost.UseInlineSockets).
        await Task.Yield();
        return bytes;
    }

    private static bool HasJsonType(string? type) => type == "application/json" || IsJsonOtherwise(type);

    private static bool IsJsonOtherwise(string? met) => MediaTypeHeaderValue.TryParse(met, out var type)
        && (type.MatchesMediaType("application/json") || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));
}
