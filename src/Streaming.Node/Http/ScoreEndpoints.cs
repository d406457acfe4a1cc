// Hot: ScoreAsync answers POST /score.
using System.Buffers;
using Streaming.Node.Settings;
using Streaming.Scoring.Turns;

namespace Streaming.Node.Http;

/// <summary>POST /score and /score/batch.</summary>
internal sealed class ScoreEndpoints(ScoreTurns turns, ScoreSettings settings)
{
    private const string Json = "application/json; charset=utf-8";

    /// <summary>
    /// Whether a request is answered before routing: POST /score exactly as clients write it. Routing handles other spellings.
    /// </summary>
    public static bool Handles(HttpRequest request) => request.Path.Value == "/score" && HttpMethods.IsPost(request.Method);

    /// <summary>Scores one request.</summary>
    public async Task ScoreAsync(HttpContext context)
    {
        if (!HttpBody.IsJson(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        var (body, isLent) = await HttpBody.ReadAsync(context);
        using var turn = turns.Begin();
        var (isEmpty, outcome) = (body.IsEmpty, Try(turn, body));
        if (isLent)
        {
            context.Request.BodyReader.AdvanceTo(body.End);
        }

        if (outcome == TurnOutcome.Unread)
        {
            outcome = await turn.AskAsync(context.RequestAborted);
        }

        if (outcome != TurnOutcome.Answered)
        {
            await (isEmpty ? Problems.EmptyBody : Problems.Of(turn, outcome)).WriteAsync(context);
            return;
        }

        context.Response.ContentType = Json;
        context.Response.ContentLength = turn.Answer.Length;
        context.Response.BodyWriter.Write(turn.Answer);
        turn.Note();
    }

    /// <summary>Scores an array of requests, or none of them if one cannot be scored.</summary>
    public async Task BatchAsync(HttpContext context)
    {
        if (!HttpBody.IsJson(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        var body = await HttpBody.ReadArrayAsync(context);
        var answers = new ArrayBufferWriter<byte>(body.Length + "[]".Length);
        using var turn = turns.Begin();
        if (await ScoreAsync(body, turn, answers, context.RequestAborted) is { } problem)
        {
            await problem.WriteAsync(context);
            return;
        }

        turn.NoteKept();
        context.Response.ContentType = Json;
        context.Response.ContentLength = answers.WrittenCount;
        await context.Response.BodyWriter.WriteAsync(answers.WrittenMemory, context.RequestAborted);
    }

    private static TurnOutcome Try(ScoreTurn turn, in ReadOnlySequence<byte> body)
    {
        if (body.IsSingleSegment)
        {
            return turn.Try(body.FirstSpan);
        }

        var copy = ArrayPool<byte>.Shared.Rent((int)body.Length);
        try
        {
            body.CopyTo(copy);
            return turn.Try(copy.AsSpan(0, (int)body.Length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    private async ValueTask<Problem?> ScoreAsync(
        byte[] body, ScoreTurn turn, ArrayBufferWriter<byte> answers, CancellationToken cancellation)
    {
        var batch = new ScoreBatchReader(body, settings.BatchLimit);
        answers.Write("["u8);
        Problem? problem;
        while (batch.Next(turn, out problem) is { } tried)
        {
            var outcome = tried == TurnOutcome.Unread ? await turn.AskAsync(cancellation) : tried;
            if (outcome != TurnOutcome.Answered)
            {
                return Problems.Of(turn, outcome, FormattableString.Invariant($"Request {batch.Count} of the array: "));
            }

            answers.Write(batch.Count > 1 ? ","u8 : default);
            answers.Write(turn.Answer);
            turn.Keep();
        }

        answers.Write("]"u8);
        return problem;
    }
}
