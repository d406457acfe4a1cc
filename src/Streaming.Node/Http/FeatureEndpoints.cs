using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;
using Streaming.Features.Plans;
using Streaming.Node.Settings;
using Streaming.Scoring.Requests;

namespace Streaming.Node.Http;

/// <summary>GET /features/{entity}/{key} and POST /features.</summary>
internal sealed class FeatureEndpoints(FeatureCatalog catalog, FeatureReads reads, ScoreSettings settings)
{
    private string[] EntityNames => [.. catalog.Entities.Select(entity => entity.Name)];

    /// <summary>All features of one entity.</summary>
    public async Task GetAsync(HttpContext context)
    {
        var name = (string)context.Request.RouteValues["entity"]!;
        var key = KeyOf(context);
        var problem = key is null ? Problems.WrongValue(
            "key", "is not valid text: after each % it needs the two hex digits of a UTF-8 byte; write a percent sign as %25")
            : FeaturesRequest.WrongKey(key, "key");
        long? at = null;
        problem ??= CheckQuery(context.Request, out at);
        if (problem is null && key is not null && catalog.FindEntity(name) is { } entity)
        {
            await AnswerAsync(
                context,
                writer => reads.WriteAsync(writer, entity, key, at ?? reads.DefaultAtMillis(), string.Empty, context.RequestAborted));
            return;
        }

        await (problem ?? Problems.UnknownEntity(name, EntityNames, "entity")).WriteAsync(context);
    }

    /// <summary>All features of several entities at one time.</summary>
    public async Task PostAsync(HttpContext context)
    {
        if (!HttpBody.IsJson(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        var body = await HttpBody.ReadArrayAsync(context);
        var (wanted, problem) = FeaturesRequest.Parse(body, catalog, EntityNames, settings.BatchLimit);
        if ((QueryParameters.Unknown(context.Request) ?? problem) is { } wrong)
        {
            await wrong.WriteAsync(context);
            return;
        }

        await AnswerAsync(context, writer => WriteAsync(writer, wanted!, context.RequestAborted));
    }

    /// <summary>
    /// The key in the path; null if it is not valid text. Kestrel decodes a path except for %2F and invalid UTF-8, so that %2F and %252F
    /// look the same afterwards, as do %FF and %25FF. The raw target tells them apart.
    /// </summary>
    private static string? KeyOf(HttpContext context)
    {
        var key = (string)context.Request.RouteValues["key"]!;
        if (!key.Contains('%', StringComparison.Ordinal))
        {
            return key;
        }

        var path = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?')[0];
        var raw = Array.FindLast(
            path.Split('/'),
            part => Uri.UnescapeDataString(part.Replace("%2F", "%252F", StringComparison.OrdinalIgnoreCase))
                .Equals(key, StringComparison.OrdinalIgnoreCase));
        return PercentText.IsText(raw ?? key) ? Uri.UnescapeDataString(raw ?? key) : null;
    }

    private static Problem? CheckQuery(HttpRequest request, out long? at)
    {
        at = null;
        if (QueryParameters.Unknown(request, "at") is { } unknown)
        {
            return unknown;
        }

        var times = request.Query["at"];
        if (times.Count > 1)
        {
            return Problems.DuplicateParameter("at", times.Count);
        }

        if (times is [{ } text])
        {
            at = Instants.TryParse(text, out var millis) ? millis : null;
            return at is null ? Problems.InvalidTime(text) : null;
        }

        return null;
    }

    private async ValueTask<Problem?> WriteAsync(Utf8JsonWriter writer, FeaturesRequest wanted, CancellationToken cancellation)
    {
        var at = wanted.AtMillis ?? reads.DefaultAtMillis();
        writer.WriteStartObject();
        writer.WriteStartArray("entities");
        foreach (var (i, (entity, key)) in wanted.Entities.Index())
        {
            var where = FormattableString.Invariant($" of entities[{i}]");
            if (await reads.WriteAsync(writer, entity, key, at, where, cancellation) is { } problem)
            {
                return problem;
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
        return null;
    }

    private static async Task AnswerAsync(HttpContext context, Func<Utf8JsonWriter, ValueTask<Problem?>> write)
    {
        var output = new ArrayBufferWriter<byte>(1024);
        var writer = new Utf8JsonWriter(output);
        if (await write(writer) is { } problem)
        {
            await problem.WriteAsync(context);
            return;
        }

        await writer.FlushAsync(context.RequestAborted);
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = output.WrittenCount;
        await context.Response.BodyWriter.WriteAsync(output.WrittenMemory, context.RequestAborted);
    }
}
