// Hot: once per score.
using Streaming.Node.Drift;
using Streaming.Scoring;
using Streaming.Scoring.Turns;

namespace Streaming.Node;

/// <summary>Counts every answer, and what it was made of, and keeps the last few for the status page.</summary>
internal sealed class ScoreObserver(NodeMetrics metrics, RecentScores recent, DriftWatch? drift = null) : IScoreObserver
{
    public void Scored(ReadOnlySpan<byte> name, long atMillis, ReadOnlySpan<float> vector, in ScoreResult result, TimeSpan latency)
    {
        metrics.Scored(result, latency);
        recent.Add(name, atMillis, result);
        if (!result.IsFallback)
        {
            drift?.Add(vector, result.Score);
        }
    }
}
