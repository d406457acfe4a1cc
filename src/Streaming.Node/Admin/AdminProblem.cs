using System.Text.Json;
using Streaming.Log;
using Streaming.Node.Http;
using Streaming.Persistence.Redis;
using Streaming.Persistence.Redis.Slots;
using Streaming.Scoring.Requests;

namespace Streaming.Node.Admin;

/// <summary>Why the admin server has no answer, as RFC 9457 has it.</summary>
internal static class AdminProblem
{
    private const string MediaType = "application/problem+json";

    /// <summary>Whether something that the answer needs does not answer, or is owned by another: the message says what.</summary>
    public static bool IsAway(Exception failure) =>
        failure is TimeoutException or SlotStoreException or SlotFencedException or EventLogException;

    /// <summary>400: the request is wrong.</summary>
    public static Task InvalidAsync(HttpContext context, string detail) =>
        WriteAsync(context, StatusCodes.Status400BadRequest, "invalid-value", "The request is wrong", detail);

    /// <summary>400: the route has no such query parameter.</summary>
    public static Task UnknownParameterAsync(HttpContext context, string found, IReadOnlyList<string> known) => WriteAsync(
        context,
        StatusCodes.Status400BadRequest,
        "unknown-parameter",
        "There is no such query parameter",
        $"\"{Excerpt.Of(found)}\" is not a parameter here, {QueryParameters.Expected(known)}");

    /// <summary>404: there is no such entity type.</summary>
    public static Task NoEntityAsync(HttpContext context, string type, IEnumerable<string> known) => WriteAsync(
        context,
        StatusCodes.Status404NotFound,
        "unknown-entity",
        "There is no such entity type",
        $"{type} is no entity type; there are {string.Join(", ", known)}");

    /// <summary>404: there is no such model.</summary>
    public static Task NoModelAsync(HttpContext context, string model, IEnumerable<string> known) => WriteAsync(
        context,
        StatusCodes.Status404NotFound,
        "unknown-model",
        "There is no such model",
        $"{model} is no model; there are {string.Join(", ", known)}");

    /// <summary>422: a model's version cannot be put into use.</summary>
    public static Task SwapRefusedAsync(HttpContext context, string reason) =>
        WriteAsync(context, StatusCodes.Status422UnprocessableEntity, "swap-refused", "The version cannot be put into use", reason);

    /// <summary>409: another replay is not over.</summary>
    public static Task ReplayRunsAsync(HttpContext context) => WriteAsync(
        context,
        StatusCodes.Status409Conflict,
        "replay-running",
        "A replay is running",
        "a replay is running; wait until it has ended, or end it (Ctrl-C where it was begun)");

    /// <summary>503: something does not answer.</summary>
    public static Task AwayAsync(HttpContext context, Exception away) =>
        WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "unavailable", "Something does not answer", away.Message);

    private static Task WriteAsync(HttpContext context, int status, string name, string title, string detail)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = MediaType;
        return JsonSerializer.SerializeAsync(
            context.Response.BodyWriter,
            new AdminProblemBody($"urn:streaming:problem:{name}", title, status, detail),
            AdminJson.Default.AdminProblemBody,
            context.RequestAborted);
    }
}

/// <summary>A problem's members.</summary>
internal sealed record AdminProblemBody(string Type, string Title, int Status, string Detail);
