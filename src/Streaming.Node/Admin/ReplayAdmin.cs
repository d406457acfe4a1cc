using System.Text.Json;
using Streaming.Engine.Replays;
using Streaming.Ingest;
using Streaming.Node.Replays;
using Streaming.Scoring.Requests;

namespace Streaming.Node.Admin;

/// <summary>/replay: GET says how far it is, POST ?from= begins one, POST ?undo goes back, DELETE gives up.</summary>
internal sealed class ReplayAdmin(GenerationSwitch generations)
{
    /// <summary>The path.</summary>
    public const string Path = "/replay";

    private const string Beginning = "beginning";

    /// <summary>Answers with the status.</summary>
    public Task GetAsync(HttpContext context)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return JsonSerializer.SerializeAsync(
            context.Response.BodyWriter, generations.Status, AdminJson.Default.ReplayStatus, context.RequestAborted);
    }

    /// <summary>Begins.</summary>
    public Task PostAsync(HttpContext context)
    {
        var query = context.Request.Query;
        if (query.ContainsKey("undo"))
        {
            return AnswerAsync(context, generations.TryUndo());
        }

        return StartOf(query["from"].ToString()) is { } start
            ? AnswerAsync(context, generations.TryBegin(start))
            : WriteAsync(
                context,
                StatusCodes.Status400BadRequest,
                $"from is no beginning: expected beginning, topic:partition:offset or {Instants.Expected}");
    }

    /// <summary>Gives up.</summary>
    public Task DeleteAsync(HttpContext context)
    {
        generations.Cancel();
        return GetAsync(context);
    }

    private static ReplayStart? StartOf(string text) =>
        text == Beginning ? ReplayStart.Beginning
        : EventPlace.TryParse(text, out var place) ? new ReplayStart(null, place)
        : Instants.TryParse(text, out var millis) ? new ReplayStart(millis, null)
        : null;

    private Task AnswerAsync(HttpContext context, bool isBegun) => isBegun
        ? GetAsync(context)
        : WriteAsync(context, StatusCodes.Status409Conflict, "another replay is under way; wait for it, or cancel it");

    private static Task WriteAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
