// Hot: answers POST /score on the connection itself.
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Streaming.Features.State;
using Streaming.Node.Settings;

namespace Streaming.Node.Lane;

/// <summary>
/// Kestrel connection middleware that answers plain, right scoring requests before the HTTP pipeline
/// (docs/adr/0004-score-fast-lane.md). It gives no answer but 200: at the first thing that it does not know or that cannot be scored
/// it hands the connection over, with that request's bytes unconsumed, and the pipeline answers from there on.
/// </summary>
internal sealed class ScoreLane(LaneAnswers answers, NodeMetrics metrics, HttpSettings http, TimeProvider clock)
{
    private enum After
    {
        Continue,
        HandOver,
        Close,
    }

    /// <summary>The middleware.</summary>
    public ConnectionDelegate Use(ConnectionDelegate next) => connection => RunAsync(connection, next);

    private async Task RunAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if (await ServeAsync(connection) == After.HandOver)
        {
            metrics.LaneHandedOver();
            await next(connection);
        }
    }

    private async ValueTask<After> ServeAsync(ConnectionContext connection)
    {
        using var client = new LaneClient(connection, clock);
        try
        {
            return await ServeAsync(connection, client);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client went away, or was sent away: there is nobody to answer.
            return After.Close;
        }
    }

    private async ValueTask<After> ServeAsync(ConnectionContext connection, LaneClient client)
    {
        var (input, output) = (connection.Transport.Input, connection.Transport.Output);
        client.WaitForInput(http.KeepAliveTimeout);
        var isHalf = false;
        while (true)
        {
            var result = await input.ReadAsync();
            var unread = result.Buffer;
            var bytes = unread.Length;
            var (step, pending) = answers.Write(ref unread, output);
            while (step is LaneStep.Reading or LaneStep.More)
            {
                if (step == LaneStep.Reading && !await TryAnswerAsync(pending, connection))
                {
                    step = LaneStep.Other;
                    break;
                }

                unread = unread.Slice(pending.Bytes);
                if (!await FlushAsync(output, client))
                {
                    input.AdvanceTo(unread.Start);
                    return After.Close;
                }

                (step, pending) = answers.Write(ref unread, output);
            }

            var isFlushed = output.UnflushedBytes == 0 || await FlushAsync(output, client);
            var after = isFlushed ? Decide(step, result, unread.IsEmpty, client) : After.Close;
            if (after != After.Continue)
            {
                input.AdvanceTo(unread.Start);
                if (result.IsCanceled)
                {
                    // An earlier round examined these bytes: a read gets them again once there are more, or when it is cancelled. Else
                    // the pipeline would wait for a client that sends no more as for one that is idle.
                    input.CancelPendingRead();
                }

                return after;
            }

            // A request has one deadline from its first bytes on, however slowly the others come.
            var isSameHalf = isHalf && unread.Length == bytes;
            isHalf = !unread.IsEmpty;
            input.AdvanceTo(unread.Start, unread.End);
            if (!isSameHalf)
            {
                client.WaitForInput(isHalf ? http.ClientTimeout : http.KeepAliveTimeout);
            }

            if (SocketTurn.IsOver(client, bytes - unread.Length))
            {
                await Task.Yield();
            }
        }
    }

    /// <summary>Answers a request by asking its entities; a time-out is left for the pipeline to report, so that nobody is waited for twice.</summary>
    private async ValueTask<bool> TryAnswerAsync(PendingScore pending, ConnectionContext connection)
    {
        var outcome = await answers.WriteAsync(pending, connection.Transport.Output, connection.ConnectionClosed);
        if (outcome is not (null or ReadOutcome.Done or ReadOutcome.TooOld))
        {
            connection.Features.Set(new LaneTimeout());
        }

        return outcome == ReadOutcome.Done;
    }

    private async ValueTask<bool> FlushAsync(PipeWriter output, LaneClient client)
    {
        var flush = output.FlushAsync();
        if (!flush.IsCompletedSuccessfully)
        {
            client.WaitForClient(http.ClientTimeout);
        }

        return !(await flush).IsCompleted;
    }

    /// <summary>Idle connections are closed when they are to end; begun requests are the pipeline's to end.</summary>
    private static After Decide(LaneStep step, in ReadResult result, bool isIdle, LaneClient client)
    {
        if (step == LaneStep.Other)
        {
            return After.HandOver;
        }

        if (result.IsCompleted || client.IsClosing || client.IsExpired)
        {
            return isIdle ? After.Close : After.HandOver;
        }

        return After.Continue;
    }
}
