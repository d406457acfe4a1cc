// Hot: once per row of a history.
using System.Collections.Immutable;
using Streaming.Offline.Backfill;

namespace Streaming.Offline.Training.Protocols;

/// <summary>Collects the rows of a history between two times.</summary>
internal sealed class RecordedRows(
    ImmutableArray<string> featureNames, int label, int card, DateTimeOffset from, DateTimeOffset until) : IRecordedRows
{
    private readonly long _from = from.ToUnixTimeMilliseconds();
    private readonly long _until = until.ToUnixTimeMilliseconds();
    private readonly EntityKeys _numbers = new();
    private readonly List<float> _features = [];
    private readonly List<float> _labels = [];
    private readonly List<long> _times = [];
    private readonly List<long> _cards = [];

    /// <inheritdoc/>
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
            if (card >= 0)
            {
                _cards.Add(chunk.Keys[card]!.NumberOf(_numbers, row));
            }

            foreach (var element in vector)
            {
                _features.Add(Element(element[row]));
            }
        }
    }

    /// <inheritdoc/>
    public TrainingSet ToSet() => new(featureNames, [.. _features], [.. _labels], [.. _times], [.. _cards]);

    /// <summary>As in ServicePlan.Assemble: a value that is unknown, or too large for a float, is missing.</summary>
    public static float Element(double value) => float.IsFinite((float)value) ? (float)value : float.NaN;

    private static float Label(double value, int row) => double.IsNaN(value)
        ? throw new TrainingException($"row {row + 1} of a part of the input has no label; leave such rows out, or map another column")
        : (float)value;
}
