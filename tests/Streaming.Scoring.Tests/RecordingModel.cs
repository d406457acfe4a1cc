namespace Streaming.Scoring.Tests;

/// <summary>A model that always gives one score, or fails, and keeps what it was given.</summary>
internal sealed class RecordingModel(float score) : IScoringModel
{
    public string Version => "test";

    public bool Keeps { get; init; } = true;

    public Exception? Failure { get; set; }

    public float[] Last { get; private set; } = [];

    public float Score(ReadOnlySpan<float> features)
    {
        Last = Keeps ? features.ToArray() : Last;
        return Failure is null ? score : throw Failure;
    }
}
