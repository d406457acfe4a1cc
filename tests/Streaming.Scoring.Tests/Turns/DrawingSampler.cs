using Streaming.Features.Serving;
using Streaming.Scoring.Turns;

namespace Streaming.Scoring.Tests.Turns;

/// <summary>Draws all answers, or none, and keeps what it is given.</summary>
internal sealed class DrawingSampler(IFeatureStore store) : IAnswerSampler
{
    public bool Draws { get; set; }

    public List<SampledAnswer> Answers { get; } = [];

    public List<ParitySkip> Skipped { get; } = [];

    public AnswerSample? Draw() => Draws ? new AnswerSample(store) : null;

    public void Add(SampledAnswer answer) => Answers.Add(answer);

    public void Skip(ParitySkip reason) => Skipped.Add(reason);
}
