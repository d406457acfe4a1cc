using System.Collections.Immutable;
using Streaming.Offline.Training.Learners;

namespace Streaming.Offline.Training.Protocols;

/// <summary>Learns the models of some folds beside each other, a thread a fold, and asks each about the fold's test rows.</summary>
internal sealed class FoldLearning : IDisposable
{
    private readonly ImmutableArray<Fold> _folds;
    private readonly ILearning[] _learnings;

    /// <param name="candidate">What learns.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="folds">The folds.</param>
    public FoldLearning(
        TrainingCandidate candidate, ImmutableArray<KeyValuePair<string, double>> parameters, ImmutableArray<Fold> folds)
    {
        _folds = folds;
        _learnings = new ILearning[folds.Length];
        Parallel.For(0, folds.Length, i => _learnings[i] = LearnerFactory.Begin(candidate, parameters, folds[i]));
    }

    /// <summary>Learns on by some rounds.</summary>
    /// <returns>Whether any of them may learn more.</returns>
    public bool Grow(int rounds, CancellationToken cancellation)
    {
        var more = new bool[_learnings.Length];
        Parallel.For(0, more.Length, i => more[i] = _learnings[i].Grow(rounds, cancellation));
        return more.Contains(true);
    }

    /// <summary>How each does.</summary>
    public ImmutableArray<FoldResult> Results()
    {
        var results = new FoldResult[_learnings.Length];
        Parallel.For(0, results.Length, i =>
        {
            var scores = _learnings[i].Scores();
            results[i] = new FoldResult(
                _folds[i].Start,
                _folds[i].Train.Rows,
                _folds[i].Train.Labels.Count(label => label > 0.5f),
                TrainingMetrics.Of(_folds[i].Asked, scores),
                _folds[i].Asked,
                scores);
        });
        return [.. results];
    }

    /// <summary>Each one's importance of features.</summary>
    public ImmutableArray<double[]> Importance() => [.. _learnings.Select(learning => learning.Importance())];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var learning in _learnings)
        {
            learning.Dispose();
        }
    }
}
