// Hot: one count a feature and score.
using System.Collections.Immutable;

namespace Streaming.Scoring.Drift;

/// <summary>
/// Counts feature vectors and scores in the cells of their baselines over a sliding window, which is divided into panes.
/// <see cref="Add"/> is called on the requests' path: it takes no lock and allocates nothing. Thread-safe.
/// </summary>
public sealed class LiveHistograms
{
    private readonly ImmutableArray<BaselineHistogram> _baseline;
    private readonly long[][][] _panes;
    private int _current;

    /// <param name="baseline">One for each feature of the vector, in its order, and one for the score, last.</param>
    /// <param name="panes">Parts of the window, one of which is dropped at each <see cref="Turn"/>.</param>
    public LiveHistograms(ImmutableArray<BaselineHistogram> baseline, int panes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(baseline.Length, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(panes, 1);
        _baseline = baseline;
        _panes = [.. Enumerable.Range(0, panes).Select(_ => baseline.Select(histogram => new long[histogram.Cells]).ToArray())];
    }

    /// <summary>Counts a scored vector.</summary>
    /// <param name="features">In the baselines' order; NaN is missing.</param>
    /// <param name="score">The score.</param>
    /// <exception cref="ArgumentException">The vector has another length.</exception>
    public void Add(ReadOnlySpan<float> features, double score)
    {
        if (features.Length != _baseline.Length - 1)
        {
            throw new ArgumentException($"{features.Length} features for {_baseline.Length - 1} baselines", nameof(features));
        }

        var pane = _panes[Volatile.Read(ref _current)];
        for (var i = 0; i < features.Length; i++)
        {
            Interlocked.Increment(ref pane[i][_baseline[i].CellOf(features[i])]);
        }

        Interlocked.Increment(ref pane[^1][_baseline[^1].CellOf(score)]);
    }

    /// <summary>Begins a pane; the oldest is dropped. For one caller at a time.</summary>
    public void Turn()
    {
        var next = (_current + 1) % _panes.Length;
        foreach (var counts in _panes[next])
        {
            Array.Clear(counts);
        }

        Volatile.Write(ref _current, next);
    }

    /// <summary>Compares the window with the baselines, in their order.</summary>
    public ImmutableArray<DriftFinding> Compare()
    {
        var findings = ImmutableArray.CreateBuilder<DriftFinding>(_baseline.Length);
        for (var i = 0; i < _baseline.Length; i++)
        {
            var sum = new long[_baseline[i].Cells];
            foreach (var pane in _panes)
            {
                for (var cell = 0; cell < sum.Length; cell++)
                {
                    sum[cell] += Volatile.Read(ref pane[i][cell]);
                }
            }

            findings.Add(DriftComparison.Of(_baseline[i], sum));
        }

        return findings.MoveToImmutable();
    }
}
