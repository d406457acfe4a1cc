using System.Collections.Immutable;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Streaming.Node.Http;

/// <summary>Why a request has no answer, as RFC 9457 has it.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Name">The part after <c>urn:streaming:problem:</c> in its type; never changes its meaning.</param>
/// <param name="Title">What kind of problem it is; the same for all of its name.</param>
/// <param name="Detail">What is wrong, where, and how to correct it.</param>
internal sealed record Problem(int Status, string Name, string Title, string Detail)
{
    /// <summary>The media type of problems.</summary>
    public const string MediaType = "application/problem+json";

    // Quotes and apostrophes stay readable: the media type keeps a problem from being read as HTML.
    private static readonly JsonWriterOptions s_readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The part of the request that is meant, by name; null for all of it.</summary>
    public string? Field { get; init; }

    /// <summary>Each fault, if there are several.</summary>
    public ImmutableArray<string> Faults { get; init; } = [];

    /// <summary>Adds members of its own.</summary>
    public Action<Utf8JsonWriter>? Extend { get; init; }

    /// <summary>The number of seconds after which trying again may help; null if it does not.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>The encodings that are accepted, if the encoding is the problem; else null.</summary>
    public string? AcceptEncoding { get; init; }

    /// <summary>Answers with this problem, and counts it.</summary>
    public async Task WriteAsync(HttpContext context)
    {
        context.RequestServices.GetRequiredService<NodeMetrics>().Problem(Name, Status.ToString(CultureInfo.InvariantCulture));
        var response = context.Response;
        response.StatusCode = Status;
        response.ContentType = MediaType;
        if (RetryAfterSeconds is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        }

        if (AcceptEncoding is not null)
        {
            response.Headers.AcceptEncoding = AcceptEncoding;
        }

        await using (var writer = new Utf8JsonWriter(response.BodyWriter, s_readable))
        {
            Write(writer);
        }

        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("type", $"urn:streaming:problem:{Name}");
        writer.WriteString("title", Title);
        writer.WriteNumber("status", Status);
        writer.WriteString("detail", Detail);
        if (Field is not null)
        {
            writer.WriteString("field", Field);
        }

        if (!Faults.IsEmpty)
        {
            writer.WriteStartArray("faults");
            foreach (var fault in Faults)
            {
                writer.WriteStringValue(fault);
            }

            writer.WriteEndArray();
        }

        Extend?.Invoke(writer);
        writer.WriteEndObject();
    }
}
