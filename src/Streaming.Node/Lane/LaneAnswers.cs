// Hot: from the input's bytes to the output's.
using System.Buffers;
using System.Diagnostics;
using System.IO.Pipelines;
using Streaming.Features.State;
using Streaming.Node.Scoring;

namespace Streaming.Node.Lane;

/// <summary>What stopped the lane from answering more of its input.</summary>
internal enum LaneStep
{
    /// <summary>There is no whole request left.</summary>
    Waiting,

    /// <summary>There may be more, but what is written should leave first.</summary>
    More,

    /// <summary>The next request is parsed, but its entities are not at hand.</summary>
    Reading,

    /// <summary>The next request is not the lane's.</summary>
    Other,
}

/// <summary>A parsed request whose entities are not at hand.</summary>
/// <param name="Call">The request.</param>
/// <param name="Bytes">Its length in the input.</param>
/// <param name="StartedTicks">When it was met.</param>
internal readonly record struct PendingScore(ScoreCall? Call, int Bytes, long StartedTicks);

/// <summary>Answers the scoring requests of a connection's input.</summary>
internal sealed class LaneAnswers(ScoreService scores, NodeMetrics metrics, int maxBodyBytes, TimeProvider clock)
{
    private const int MaxRequestBytes = LaneRequest.MaxHeadBytes + LaneRequest.MaxBodyBytes;
    private const int MaxAnswersPerFlush = 64;
    private readonly LaneHead _head = new(clock);

    /// <summary>Answers whole requests in order, and leaves in <paramref name="unread"/> what comes after them.</summary>
    public (LaneStep Step, PendingScore Pending) Write(ref ReadOnlySequence<byte> unread, PipeWriter output)
    {
        var (step, pending, consumed) = (LaneStep.Waiting, default(PendingScore), 0);
        do
        {
            consumed = unread.IsSingleSegment
                ? Write(unread.FirstSpan, output, out step, out pending)
                : WriteCopied(unread, output, out step, out pending);
            unread = unread.Slice(consumed);
        }
        while (step == LaneStep.Waiting && consumed > 0 && !unread.IsEmpty);
        return (step, pending);
    }

    /// <summary>Answers a request by asking its entities.</summary>
    /// <returns>Done when the answer is written; else what came of the read, and null for a fault, with nothing written.</returns>
    public async ValueTask<ReadOutcome?> WriteAsync(PendingScore pending, PipeWriter output, CancellationToken cancellation)
    {
        var call = pending.Call!;
        try
        {
            var outcome = await scores.ReadAsync(call, cancellation);
            if (outcome != ReadOutcome.Done)
            {
                return outcome;
            }

            scores.Answer(call);
        }
        catch (TimeoutException)
        {
            return ReadOutcome.NotHere;
        }
#pragma warning disable CA1031 // Whatever fails here fails again in the pipeline, which reports it.
        catch (Exception e) when (e is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return null;
        }

        Write(call, output);
        Finish(call, pending.StartedTicks);
        return ReadOutcome.Done;
    }

    private int WriteCopied(in ReadOnlySequence<byte> unread, PipeWriter output, out LaneStep step, out PendingScore pending)
    {
        var prefix = unread.Slice(0, Math.Min(unread.Length, MaxRequestBytes));
        var copy = ArrayPool<byte>.Shared.Rent((int)prefix.Length);
        try
        {
            prefix.CopyTo(copy);
            return Write(copy.AsSpan(0, (int)prefix.Length), output, out step, out pending);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(copy);
        }
    }

    private int Write(ReadOnlySpan<byte> input, PipeWriter output, out LaneStep step, out PendingScore pending)
    {
        (step, pending) = (LaneStep.Waiting, default);
        var consumed = 0;
        for (var answered = 0; consumed < input.Length; answered++)
        {
            if (answered == MaxAnswersPerFlush)
            {
                step = LaneStep.More;
                break;
            }

            var verdict = LaneRequest.Find(input[consumed..], out var bodyStart, out var end);
            if (verdict != LaneVerdict.Complete || end - bodyStart > maxBodyBytes)
            {
                step = verdict == LaneVerdict.Incomplete ? LaneStep.Waiting : LaneStep.Other;
                break;
            }

            step = TryAnswer(input[(consumed + bodyStart)..(consumed + end)], end, output, out pending);
            if (step != LaneStep.Waiting)
            {
                break;
            }

            consumed += end;
        }

        return consumed;
    }

    private LaneStep TryAnswer(ReadOnlySpan<byte> body, int bytes, PipeWriter output, out PendingScore pending)
    {
        pending = default;
        var started = Stopwatch.GetTimestamp();
        var call = scores.Rent();
        var outcome = TryAnswer(body, call);
        if (outcome == ReadOutcome.Done)
        {
            Write(call, output);
            Finish(call, started);
            return LaneStep.Waiting;
        }

        if (outcome == ReadOutcome.TooOld)
        {
            scores.Return(call);
            return LaneStep.Other;
        }

        pending = new(call, bytes, started);
        return LaneStep.Reading;
    }

    /// <summary>Too old stands for everything that is the pipeline's to answer.</summary>
    private ReadOutcome TryAnswer(ReadOnlySpan<byte> body, ScoreCall call)
    {
        try
        {
            var outcome = (RequestParser.Parse(body, call) ?? scores.FaultOfTime(call)) is null ? scores.TryRead(call) : ReadOutcome.TooOld;
            if (outcome == ReadOutcome.Done)
            {
                scores.Answer(call);
            }

            return outcome;
        }
#pragma warning disable CA1031 // Whatever fails here fails again in the pipeline, which reports it.
        catch (Exception)
#pragma warning restore CA1031
        {
            return ReadOutcome.TooOld;
        }
    }

    private void Write(ScoreCall call, PipeWriter output)
    {
        var body = call.Output.Written;
        var span = output.GetSpan(LaneHead.MaxBytes + body.Length);
        var head = _head.Write(span, body.Length);
        body.CopyTo(span[head..]);
        output.Advance(head + body.Length);
    }

    private void Finish(ScoreCall call, long startedTicks)
    {
        scores.Note(call, startedTicks);
        metrics.LaneAnswered();
        scores.Return(call);
    }
}
