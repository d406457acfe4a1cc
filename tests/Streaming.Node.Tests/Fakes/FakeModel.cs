using System.Collections.Immutable;
using Streaming.Scoring;
using Streaming.Scoring.Drift;

namespace Streaming.Node.Tests.Fakes;

/// <summary>Scores by the amount alone: 1000 and more is 1.</summary>
internal sealed class FakeModel : IScoringModel
{
    public string Version { get; init; } = "test";

    public ImmutableArray<BaselineHistogram> Baseline { get; init; } = [];

    public Exception? Failure { get; set; }

    /// <summary>The features of the last call.</summary>
    public float[] Last { get; private set; } = [];

    public float Score(ReadOnlySpan<float> features)
    {
        Last = features.ToArray();
        return Failure is null ? Math.Min(1f, features[0] / 1000f) : throw Failure;
    }
}
