// Hot: once per score.
using Streaming.Scoring;
using Streaming.Scoring.Serving;
using Streaming.Scoring.Turns;

namespace Streaming.Node;

/// <summary>Counts every answer of a version, and what it was made of, and keeps the last few for the status page.</summary>
internal sealed class ScoreObserver(NodeMetrics metrics, RecentScores recent, ServedModel served) : IScoreObserver
{
    public void Scored(ReadOnlySpan<byte> name, long atMillis, ReadOnlySpan<float> vector, in ScoreResult result, TimeSpan latency)
    {
        metrics.Scored(result, latency);
        served.Counts.Add(result, latency);
        recent.Add(name, atMillis, result);
        if (!result.IsFallback)
        {
            served.Drift?.Add(vector, result.Score);
        }
    }
}
