using System.Buffers;
using System.Text.Json;
using Streaming.Features.Events;
using Streaming.Features.Serving;
using Streaming.Node.Settings;
using Streaming.Scoring.Serving;
using Streaming.Scoring.Turns;

namespace Streaming.Node.Http;

/// <summary>POST /propensity: one score of the model of that name, or the best of some candidates.</summary>
internal sealed class PropensityEndpoints(ModelSlot slot, IFeatureStore store, ScoreSettings settings, TimeProvider clock)
{
    /// <summary>The model that answers; where none has the name, there is no such route.</summary>
    public const string Model = "propensity";

    private readonly CandidateItems _candidates = new(store);

    /// <summary>Answers.</summary>
    public async Task PostAsync(HttpContext context)
    {
        if (!HttpBody.IsJson(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        if (await AnswerAsync(context, await HttpBody.ReadArrayAsync(context)) is { } problem)
        {
            await problem.WriteAsync(context);
        }
    }

    private async Task<Problem?> AnswerAsync(HttpContext context, byte[] body)
    {
        var (request, problem) = PropensityRequest.Parse(body);
        if (problem is not null)
        {
            return problem;
        }

        using var turn = slot.Begin();
        if ((RequestBudget.Read(context.Request, settings, out var budget) ?? ExplainQuery.Apply(context.Request, turn)) is { } wrong)
        {
            return wrong;
        }

        turn.Budget = budget;
        if (request is not null)
        {
            turn.Explain = 0;
            return ExplainQuery.IsIn(context.Request)
                ? Problems.WrongValue(ExplainQuery.Name, "is for one item, and the request asks for the best of several; leave top out")
                : await TopAsync(context, turn, request);
        }

        var outcome = await ScoreAsync(turn, body, context.RequestAborted);
        if (outcome != TurnOutcome.Answered)
        {
            return Problems.Of(turn, outcome);
        }

        await WriteAsync(context, turn.Answer.ToArray());
        turn.Note();
        return null;
    }

    private async Task<Problem?> TopAsync(HttpContext context, ScoreTurn turn, PropensityRequest request)
    {
        var newest = store.NewestEventTime;
        var at = newest != EventTime.None ? newest.Millis : clock.GetUtcNow().ToUnixTimeMilliseconds();
        (List<(string Item, string? Category)> Items, bool IsCut) candidates;
        try
        {
            using var spent = new CancellationTokenSource(turn.Budget, clock);
            candidates = await _candidates.OfAsync(request.User, request.Category, at, spent.Token, context.RequestAborted);
        }
        catch (TimeoutException)
        {
            return NodeProblems.EntityTimeout;
        }

        var scored = new List<(string Item, string? Category, double Score)>();
        var (isFallback, isStale) = (candidates.IsCut, !store.IsCaughtUp);
        foreach (var (item, category) in candidates.Items)
        {
            var outcome = await ScoreAsync(turn, Body(request.User, item, category, at), context.RequestAborted);
            if (outcome != TurnOutcome.Answered)
            {
                return Problems.Of(turn, outcome);
            }

            scored.Add((item, category, turn.Result.Score));
            isFallback |= turn.Result.IsFallback;
            turn.Keep();
        }

        // Equal scores keep the candidates' order: those of the user first.
        var best = new BestItems(
            [.. scored.OrderByDescending(each => each.Score).Take(request.Top)], scored.Count, isFallback, isStale || !store.IsCaughtUp);
        await WriteAsync(context, best.Answer(request.User, turn.ModelId, at));
        turn.NoteKept();
        return null;
    }

    private static async ValueTask<TurnOutcome> ScoreAsync(ScoreTurn turn, byte[] body, CancellationToken cancellation)
    {
        var outcome = turn.Try(body);
        return outcome == TurnOutcome.Unread ? await turn.AskAsync(cancellation) : outcome;
    }

    private static byte[] Body(string user, string item, string? category, long at)
    {
        var output = new ArrayBufferWriter<byte>(128);
        using var writer = new Utf8JsonWriter(output);
        writer.WriteStartObject();
        writer.WriteString("user_id", user);
        writer.WriteString("item_id", item);
        if (category is not null)
        {
            writer.WriteString("category", category);
        }

        // All candidates as of one time.
        writer.WriteNumber("ts", at);
        writer.WriteEndObject();
        writer.Flush();
        return output.WrittenSpan.ToArray();
    }

    private static async Task WriteAsync(HttpContext context, ReadOnlyMemory<byte> json)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = json.Length;
        await context.Response.BodyWriter.WriteAsync(json, context.RequestAborted);
    }
}
