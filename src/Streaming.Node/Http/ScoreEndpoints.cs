// Hot: the route of POST /score, where the fast lane is off or has handed over.
using System.Buffers;
using System.Diagnostics;
using System.Text.Json;
using Streaming.Features.State;
using Streaming.Node.Lane;
using Streaming.Node.Scoring;
using Streaming.Node.Settings;

namespace Streaming.Node.Http;

/// <summary>POST /score and /score/batch.</summary>
internal sealed class ScoreEndpoints(ScoreService scores, ScoreSettings settings)
{
    private const string Json = "application/json; charset=utf-8";

    /// <summary>Scores one request.</summary>
    public async Task ScoreAsync(HttpContext context)
    {
        if (!HttpBody.IsJson(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        var body = await HttpBody.ReadAsync(context);
        var started = Stopwatch.GetTimestamp();
        var call = scores.Rent();
        var fault = Parse(body, call) ?? scores.FaultOfTime(call);
        var isEmpty = body.IsEmpty;
        context.Request.BodyReader.AdvanceTo(body.End);
        var problem = isEmpty ? Problems.EmptyBody
            : fault is not null ? Problems.Of(fault)
            : context.Features.Get<LaneTimeout>()?.Take() == true ? Problems.EntityTimeout
            : await AnswerAsync(call, context.RequestAborted);
        if (problem is null)
        {
            context.Response.ContentType = Json;
            context.Response.ContentLength = call.Output.Written.Length;
            context.Response.BodyWriter.Write(call.Output.Written);
            scores.Note(call, started);
        }

        scores.Return(call);
        await (problem?.WriteAsync(context) ?? Task.CompletedTask);
    }

    /// <summary>Scores an array of requests; one fault and none is scored.</summary>
    public async Task BatchAsync(HttpContext context)
    {
        if (!HttpBody.IsJson(context.Request))
        {
            context.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        var body = await HttpBody.ReadArrayAsync(context);
        var call = scores.Rent();
        var answers = new ArrayBufferWriter<byte>(body.Length + "[]".Length);
        var problem = Check(body, call) ?? await BatchAsync(body, call, answers, context.RequestAborted);
        scores.Return(call);
        if (problem is not null)
        {
            await problem.WriteAsync(context);
            return;
        }

        context.Response.ContentType = Json;
        context.Response.ContentLength = answers.WrittenCount;
        await context.Response.BodyWriter.WriteAsync(answers.WrittenMemory, context.RequestAborted);
    }

    private static RequestFault? Parse(in ReadOnlySequence<byte> body, ScoreCall call)
    {
        if (body.IsSingleSegment)
        {
            return RequestParser.Parse(body.FirstSpan, call);
        }

        var copy = ArrayPool<byte>.Shared.Rent((int)body.Length);
        try
        {
            body.CopyTo(copy);
            return RequestParser.Parse(copy.AsSpan(0, (int)body.Length), call);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    private async ValueTask<Problem?> AnswerAsync(ScoreCall call, CancellationToken cancellation)
    {
        var outcome = scores.TryRead(call);
        if (outcome is not (ReadOutcome.Done or ReadOutcome.TooOld))
        {
            outcome = await scores.ReadAsync(call, cancellation);
        }

        if (outcome != ReadOutcome.Done)
        {
            var (entity, time) = (scores.Scorer.Service.Entities[call.FailedEntity].Plan.Entity.Name, call.Schema.TimeColumn);
            return FeatureReads.ProblemOf(outcome, entity, call.AtMillis, time < 0 ? null : call.Schema.Fields[time].Name);
        }

        scores.Answer(call);
        return null;
    }

    /// <summary>Parses every request without scoring it.</summary>
    private Problem? Check(byte[] body, ScoreCall call)
    {
        if (body.Length == 0)
        {
            return Problems.EmptyBody;
        }

        try
        {
            var reader = new Utf8JsonReader(body, RequestParser.Options);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartArray)
            {
                return Problems.WrongShape("Expected an array of requests such as [{\"card_id\":\"card_12345\",\"amount\":250.0}].");
            }

            var count = 0;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                if ((RequestParser.ParseObject(ref reader, body.Length, call) ?? scores.FaultOfTime(call)) is { } fault)
                {
                    return Problems.Of(fault, PlaceOf(count));
                }

                count++;
            }

            reader.Read();
            return count <= settings.BatchLimit ? null : Problems.TooMany(count, settings.BatchLimit, "requests", "streaming.score.batch-limit");
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Problems.Of(RequestParser.Malformed(e));
        }
    }

    private async ValueTask<Problem?> BatchAsync(byte[] body, ScoreCall call, ArrayBufferWriter<byte> answers, CancellationToken cancellation)
    {
        var state = default(JsonReaderState);
        var consumed = 0;
        var noted = new List<(ScoreEntry Entry, TimeSpan Latency)>();
        answers.Write("["u8);
        while (Next(body, call, ref state, ref consumed))
        {
            var started = Stopwatch.GetTimestamp();
            if (await AnswerAsync(call, cancellation) is { } problem)
            {
                return problem with { Detail = PlaceOf(noted.Count) + problem.Detail };
            }

            answers.Write(noted.Count > 0 ? ","u8 : default);
            answers.Write(call.Output.Written);
            noted.Add((scores.Copy(call), Stopwatch.GetElapsedTime(started)));
        }

        answers.Write("]"u8);
        // Only now: an answer that a later request's problem keeps from leaving is none.
        noted.ForEach(answer => scores.Note(answer.Entry, answer.Latency));
        return null;
    }

    private static string PlaceOf(int index) => FormattableString.Invariant($"Request {index + 1} of the array: ");

    /// <summary>Parses the next request of a checked body; false at the end of the array.</summary>
    private static bool Next(byte[] body, ScoreCall call, ref JsonReaderState state, ref int consumed)
    {
        var reader = new Utf8JsonReader(body.AsSpan(consumed), isFinalBlock: true, consumed == 0 ? new JsonReaderState(RequestParser.Options) : state);
        if (consumed == 0)
        {
            reader.Read();
        }

        if (!reader.Read() || reader.TokenType == JsonTokenType.EndArray)
        {
            return false;
        }

        RequestParser.ParseObject(ref reader, body.Length, call);
        consumed += (int)reader.BytesConsumed;
        state = reader.CurrentState;
        return true;
    }
}
