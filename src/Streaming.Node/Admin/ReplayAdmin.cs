using System.Text.Json;
using Streaming.Engine.Replays;
using Streaming.Ingest;
using Streaming.Log;
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
        if (generations.IsRunning)
        {
            return AdminProblem.ReplayRunsAsync(context);
        }

        if (query.ContainsKey("undo"))
        {
            return AnswerAsync(context, generations.TryUndo());
        }

        var from = query["from"].ToString();
        return StartOf(from) is { } start
            ? BeginAsync(context, start)
            : AdminProblem.InvalidAsync(
                context, $"from is '{from}', expected beginning, topic:partition:offset or {Instants.Expected}");
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

    private async Task BeginAsync(HttpContext context, ReplayStart start)
    {
        try
        {
            await generations.CheckAsync(start, context.RequestAborted);
        }
        catch (ReplayException nowhere)
        {
            await AdminProblem.InvalidAsync(context, nowhere.Message);
            return;
        }
        catch (EventLogException away)
        {
            await AdminProblem.AwayAsync(context, away);
            return;
        }

        await AnswerAsync(context, generations.TryBegin(start));
    }

    private Task AnswerAsync(HttpContext context, bool isBegun) =>
        isBegun ? GetAsync(context) : AdminProblem.ReplayRunsAsync(context);
}
