namespace Streaming.Scoring.Tests.Serving;

/// <summary>A version whose number is its score in hundredths; after it is disposed of it throws.</summary>
internal sealed class VersionedModel(int number) : IScoringModel, IDisposable
{
    public string Version { get; } = $"v{number}";

    public bool IsDisposed { get; private set; }

    public float Score(ReadOnlySpan<float> features)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        return number / 100f;
    }

    public void Dispose() => IsDisposed = true;
}
