// Hot: Add runs on the requests' path, for those that are drawn.
using System.Threading.Channels;
using Streaming.Scoring.ScoreLogs;

namespace Streaming.Scoring.Serving;

/// <summary>
/// Scores requests by challengers, off the requests' path, with what the champion had read. No request waits for it: while the queue is
/// full, drawn requests are dropped and counted. Every score is logged with <c>shadow</c>. Thread-safe.
/// </summary>
/// <param name="queueLimit">Requests that wait.</param>
public sealed class ShadowScores(int queueLimit)
{
    private readonly Channel<(Challenger By, ScoreEntry Entry)> _queue =
        Channel.CreateBounded<(Challenger By, ScoreEntry Entry)>(new BoundedChannelOptions(queueLimit) { SingleReader = true });

    /// <summary>Requests that wait.</summary>
    public int Waiting => _queue.Reader.Count;

    /// <summary>Scores what comes, until cancelled. For one caller.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        while (await _queue.Reader.WaitToReadAsync(cancellation))
        {
            while (_queue.Reader.TryRead(out var waiting))
            {
                Score(waiting.By, waiting.Entry);
                cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>Takes ownership of a copied answer.</summary>
    internal void Add(Challenger by, ScoreEntry entry)
    {
        if (!_queue.Writer.TryWrite((by, entry)))
        {
            entry.Return();
            by.Drop();
        }
    }

    private static void Score(Challenger by, ScoreEntry entry)
    {
        var served = by.Slot.Enter();
        try
        {
            var result = served.Scorer.Score(entry.Vector);
            served.Shadow.Add(entry.Result, result);
            entry.SetShadow(result);
            if (served.Turns.Log is { } log)
            {
                log.Add(entry);
                return;
            }
        }
        finally
        {
            served.Turns.Leave();
        }

        entry.Return();
    }
}
