// Hot: once per score.
using Streaming.Scoring;
using Streaming.Scoring.Turns;

namespace Streaming.Node;

/// <summary>Counts every answer and keeps the last few for the status page.</summary>
internal sealed class ScoreObserver(NodeMetrics metrics, RecentScores recent) : IScoreObserver
{
    public void Scored(ReadOnlySpan<byte> name, long atMillis, in ScoreResult result, TimeSpan latency)
    {
        metrics.Scored(result, latency);
        recent.Add(name, atMillis, result);
    }
}
