// Hot: once per row of a training set.
using System.Collections.Immutable;
using Streaming.Simulation.Generators;

namespace Streaming.Offline.Training;

/// <summary>Collects the rows of a training set, day by day.</summary>
internal sealed class TrainingRows(ImmutableArray<string> featureNames)
{
    private readonly List<float> _labels = [];
    private readonly List<long> _times = [];
    private readonly List<long> _cards = [];
    private float[] _features = [];

    /// <summary>Adds a day's transactions.</summary>
    /// <param name="day">The transactions.</param>
    /// <param name="vector">Their vectors, element by element.</param>
    public void Add(TransactionDay day, double[][] vector)
    {
        var next = _labels.Count * featureNames.Length;
        if (next + (day.Count * featureNames.Length) > _features.Length)
        {
            Array.Resize(ref _features, Math.Max(2 * _features.Length, next + (day.Count * featureNames.Length)));
        }

        for (var row = 0; row < day.Count; row++)
        {
            _labels.Add(day[row].Fraud ? 1 : 0);
            _times.Add(day.Times[row]);
            _cards.Add(day.Cards[row]);
            foreach (var element in vector)
            {
                // As in ServicePlan.Assemble: a value that is unknown, or too large for a float, is missing.
                var value = (float)element[row];
                _features[next++] = float.IsFinite(value) ? value : float.NaN;
            }
        }
    }

    /// <summary>The rows so far.</summary>
    public TrainingSet ToSet() =>
        new(featureNames, _features[..(_labels.Count * featureNames.Length)], [.. _labels], [.. _times], [.. _cards]);
}
