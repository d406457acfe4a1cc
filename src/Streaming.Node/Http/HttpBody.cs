// Hot: ReadAsync, where the body is there at once.
using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;
using Microsoft.Net.Http.Headers;

namespace Streaming.Node.Http;

/// <summary>Reads a request's whole body. Kestrel bounds its size, a <see cref="BodyBudget"/> the sum of all bodies.</summary>
internal static class HttpBody
{
    /// <summary>
    /// Whether the headers declare the body as uncompressed JSON. A request without a type may come from a page of another origin.
    /// </summary>
    public static bool IsJson(HttpRequest request) => EncodingOf(request) is null && HasJsonType(request.ContentType);

    /// <summary>
    /// The Content-Encoding of the body; null for none. The node decompresses nothing: a small body may become a huge one.
    /// </summary>
    public static string? EncodingOf(HttpRequest request) =>
        request.Headers.ContentEncoding is { Count: > 0 } found && !found.ToString().Equals("identity", StringComparison.OrdinalIgnoreCase)
            ? found.ToString()
            : null;

    /// <summary>
    /// The body's bytes; those that are lent lie in the server's buffer, and the caller gives them back with
    /// <c>BodyReader.AdvanceTo</c>.
    /// </summary>
    /// <exception cref="BadHttpRequestException">It is too large, too slow, damaged, or ends early; or the node holds too many
    /// already.</exception>
    public static async ValueTask<(ReadOnlySequence<byte> Bytes, bool IsLent)> ReadAsync(HttpContext context, BodyLease? lease = null)
    {
        try
        {
            // Kestrel ends the read when the client goes away; a token of the request would cost an allocation.
            var result = await context.Request.BodyReader.ReadAsync();
            return result.IsCompleted && lease?.TryGrow(result.Buffer.Length) != false
                ? (result.Buffer, true)
                : (new(await CollectAsync(context, lease ?? BodyLease.For(context), result)), false);
        }
        catch (IOException e) when (e is not BadHttpRequestException and not ConnectionResetException)
        {
            // Kestrel throws this for a chunk size that overflows.
            throw new BadHttpRequestException(e.Message, StatusCodes.Status400BadRequest, e);
        }
    }

    /// <summary>The body's bytes as an array of their own.</summary>
    /// <exception cref="BadHttpRequestException">It is too large, too slow, damaged, or ends early; or the node holds too many
    /// already.</exception>
    public static async ValueTask<byte[]> ReadArrayAsync(HttpContext context)
    {
        var (body, isLent) = await ReadAsync(context, BodyLease.For(context));
        var bytes = !isLent && MemoryMarshal.TryGetArray(body.First, out var own) ? own.Array! : body.ToArray();
        if (isLent)
        {
            context.Request.BodyReader.AdvanceTo(body.End);
        }

        // The body may arrive on a socket thread, which must not do the request's work (InlineSockets).
        await Task.Yield();
        return bytes;
    }

    /// <summary>
    /// Copies a body that arrives in parts. What is read is given back at once: when a client ends its connection behind bytes that were
    /// looked at and kept, Kestrel cannot end its own read, and logs an error with a stack (dotnet/aspnetcore 19476).
    /// </summary>
    private static async ValueTask<byte[]> CollectAsync(HttpContext context, BodyLease lease, ReadResult result)
    {
        var reader = context.Request.BodyReader;
        var (bytes, count) = (Array.Empty<byte>(), 0);
        while (true)
        {
            var sum = count + (int)result.Buffer.Length;
            if (!lease.TryGrow(sum))
            {
                // Returned first: the server itself reads the rest of the body.
                reader.AdvanceTo(result.Buffer.End);
                throw new BadHttpRequestException("streaming.http.max-bytes-in-flight", StatusCodes.Status503ServiceUnavailable);
            }

            if (sum > bytes.Length)
            {
                // A slow client holds at most twice what it sent.
                Array.Resize(ref bytes, (int)Math.Max(sum, Math.Min(2L * bytes.Length, context.Request.ContentLength ?? int.MaxValue)));
            }

            result.Buffer.CopyTo(bytes.AsSpan(count));
            count = sum;
            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                return count == bytes.Length ? bytes : bytes[..count];
            }

            result = await reader.ReadAsync();
        }
    }

    private static bool HasJsonType(string? type) => type == "application/json" || IsJsonOtherwise(type);

    private static bool IsJsonOtherwise(string? found) => MediaTypeHeaderValue.TryParse(found, out var type)
        && (type.MatchesMediaType("application/json") || type.Suffix.Equals("json", StringComparison.OrdinalIgnoreCase))
        && (!type.Charset.HasValue || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase));
}
