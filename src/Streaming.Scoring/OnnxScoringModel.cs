// Hot: one call per score.
using System.Collections.Immutable;
using System.Security.Cryptography;
using Streaming.Scoring.Contributions;
using Streaming.Scoring.Drift;
using Streaming.Scoring.Models;
using Streaming.Scoring.Models.Graphs;

namespace Streaming.Scoring;

/// <summary>An ONNX file as a scoring model; its version is the start of the file's SHA-256.</summary>
public sealed class OnnxScoringModel : IScoringModel, IDisposable
{
    private const int VersionBytes = 4;
    private readonly OnnxModel _model;

    private OnnxScoringModel(OnnxModel model, string version, ImmutableArray<string> features)
    {
        _model = model;
        (Contributions, ContributionsFault) = ContributionsReader.Read(OnnxFile.Read(model.Path).Graph, model.Signature);
        Version = version;
        // A model that its definition gives other columns than the service has cannot be compared with the service's vector.
        Baseline = model.Metadata.Features.SequenceEqual(features) ? model.Metadata.Baseline(model.Path) : [];
    }

    /// <inheritdoc/>
    public string Version { get; }

    /// <inheritdoc/>
    public ImmutableArray<BaselineHistogram> Baseline { get; }

    /// <inheritdoc/>
    public ScoreContributions? Contributions { get; }

    /// <inheritdoc/>
    public string? ContributionsFault { get; }

    /// <summary>Loads a model file that takes these features, in this order unless the mapping says otherwise.</summary>
    /// <exception cref="ModelException">The file is unreadable, has another shape, or was made for other features.</exception>
    public static OnnxScoringModel Load(string path, ImmutableArray<string> features, ModelMapping? mapping = null) =>
        Load(path, features, mapping, RunWatch.Standard);

    /// <summary>As <see cref="Load(string, ImmutableArray{string}, ModelMapping?)"/>, with another limit for a run.</summary>
    internal static OnnxScoringModel Load(string path, ImmutableArray<string> features, ModelMapping? mapping, TimeSpan runLimit)
    {
        var model = OnnxModel.Load(path, features, mapping, runLimit);
        using var file = File.OpenRead(path);
        return new(model, Convert.ToHexStringLower(SHA256.HashData(file).AsSpan(0, VersionBytes)), features);
    }

    /// <inheritdoc/>
    public float Score(ReadOnlySpan<float> features) => _model.Score(features);

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();
}
