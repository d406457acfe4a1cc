// Hot: ScoreAsync answers POST /score.
using System.Buffers;
using Streaming.Node.Settings;
using Streaming.Scoring.Serving;
using Streaming.Scoring.Turns;

namespace Streaming.Node.Http;

/// <summary>POST /score and /score/batch, which the champion answers, and the same below /models/NAME.</summary>
internal sealed class ScoreEndpoints(ModelSlots models, ScoreSettings settings)
{
    /// <summary>Where a model's requests are posted to.</summary>
    public const string ModelPath = "/models/{model}/score";

    /// <summary>Where arrays of a model's requests are posted to.</summary>
    public const string ModelBatchPath = "/models/{model}/score/batch";

    private const string Json = "application/json; charset=utf-8";

    private readonly string[] _paths = [.. models.All.Select(slot => $"/models/{slot.Name}/score")];

    /// <summary>
    /// The model of a request that is answered before routing: POST /score, or a model's, exactly as clients write it. Routing handles
    /// other spellings.
    /// </summary>
    public ModelSlot? SlotOf(HttpRequest request)
    {
        var path = request.Path.Value;
        if (!HttpMethods.IsPost(request.Method))
        {
            return null;
        }

        if (path == "/score")
        {
            return models.Champion;
        }

        for (var i = 0; i < _paths.Length; i++)
        {
            if (path == _paths[i])
            {
                return models.All[i];
            }
        }

        return null;
    }

    /// <summary>Scores one request by the champion.</summary>
    public Task ChampionAsync(HttpContext context) => ScoreAsync(context, models.Champion);

    /// <summary>Scores an array of requests by the champion.</summary>
    public Task ChampionBatchAsync(HttpContext context) => BatchAsync(context, models.Champion);

    /// <summary>Scores one request by the model of the path.</summary>
    public Task ModelAsync(HttpContext context) =>
        Find(context) is { } slot ? ScoreAsync(context, slot) : UnknownAsync(context);

    /// <summary>Scores an array of requests by the model of the path.</summary>
    public Task ModelBatchAsync(HttpContext context) =>
        Find(context) is { } slot ? BatchAsync(context, slot) : UnknownAsync(context);

    /// <summary>Scores one request.</summary>
    public async Task ScoreAsync(HttpContext context, ModelSlot slot)
    {
        if (RequestBudget.Read(context.Request, settings, out var budget) is { } noBudget)
        {
            await noBudget.WriteAsync(context);
            return;
        }

        if (!HttpBody.IsJson(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        var (body, isLent) = await HttpBody.ReadAsync(context);
        using var turn = slot.Begin();
        turn.Budget = budget;
        var wrong = ExplainQuery.Apply(context.Request, turn);
        var (isEmpty, outcome) = (body.IsEmpty, wrong is null ? Try(turn, body) : TurnOutcome.Refused);
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
            await (wrong ?? (isEmpty ? Problems.EmptyBody : Problems.Of(turn, outcome))).WriteAsync(context);
            return;
        }

        context.Response.ContentType = Json;
        context.Response.ContentLength = turn.Answer.Length;
        context.Response.BodyWriter.Write(turn.Answer);
        turn.Note();
    }

    /// <summary>Scores an array of requests, all by one version of the model, or none of them if one cannot be scored.</summary>
    private async Task BatchAsync(HttpContext context, ModelSlot slot)
    {
        if (RequestBudget.Read(context.Request, settings, out var budget) is { } noBudget)
        {
            await noBudget.WriteAsync(context);
            return;
        }

        if (!HttpBody.IsJson(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        var body = await HttpBody.ReadArrayAsync(context);
        var answers = new ArrayBufferWriter<byte>(body.Length + "[]".Length);
        using var turn = slot.Begin();
        turn.Budget = budget;
        if ((ExplainQuery.Apply(context.Request, turn) ?? await ScoreAsync(body, turn, answers, context.RequestAborted)) is { } problem)
        {
            await problem.WriteAsync(context);
            return;
        }

        turn.NoteKept();
        context.Response.ContentType = Json;
        context.Response.ContentLength = answers.WrittenCount;
        await context.Response.BodyWriter.WriteAsync(answers.WrittenMemory, context.RequestAborted);
    }

    private ModelSlot? Find(HttpContext context) => models.Find((string)context.Request.RouteValues["model"]!);

    private Task UnknownAsync(HttpContext context) => Problems.UnknownModel(
        (string)context.Request.RouteValues["model"]!, [.. models.All.Select(slot => slot.Name)]).WriteAsync(context);

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
