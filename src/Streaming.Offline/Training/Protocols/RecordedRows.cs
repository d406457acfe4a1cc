// Hot: once per row of a history.
using System.Collections.Immutable;
using Streaming.Offline.Backfill;

namespace Streaming.Offline.Training.Protocols;

/// <summary>Collects the rows of a history between two times.</summary>
internal sealed class RecordedRows(ImmutableArray<string> featureNames, int label, int card, DateTimeOffset from, DateTimeOffset until)
{
    private readonly long _from = from.ToUnixTimeMilliseconds();
    private readonly long _until = until.ToUnixTimeMilliseconds();
    private readonly EntityKeys _numbers = new();
    private readonly List<float> _features = [];
    private readonly List<float> _labels = [];
    private readonly List<long> _times = [];
    private readonly List<long> _cards = [];

    /// <summary>Adds what of a chunk is between the times.</summary>
    /// <exception cref="TrainingException">A row has no label.</exception>
    public void Add(EventChunk chunk, double[][] vector)
    {
        var labels = chunk.Batch.Numbers(label);
        for (var place = 0; place < chunk.Count; place++)
        {
            var row = chunk.RowAt(place);
            if (chunk.Times[row] < _from || chunk.Times[row] >= _until)
            {
                continue;
            }

            _labels.Add(Label(labels[row], row));
            _times.Add(chunk.Times[row]);
            _cards.Add(chunk.Keys[card]!.NumberOf(_numbers, row));
            foreach (var element in vector)
            {
                // As in ServicePlan.Assemble: a value that is unknown, or too large for a float, is missing.
                var value = (float)element[row];
                _features.Add(float.IsFinite(value) ? value : float.NaN);
            }
        }
    }

    /// <summary>The rows so far.</summary>
    public TrainingSet ToSet() => new(featureNames, [.. _features], [.. _labels], [.. _times], [.. _cards]);

    private static float Label(double value, int row) => double.IsNaN(value)
        ? throw new TrainingException($"row {row + 1} of a part of the input has no label; leave such rows out, or map another column")
        : (float)value;
}
