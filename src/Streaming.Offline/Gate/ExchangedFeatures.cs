using Microsoft.ML.OnnxRuntime;
using Streaming.Scoring.Models;

namespace Streaming.Offline.Gate;

/// <summary>Looks for two features that were exchanged, where a file's answers differ from what they should be.</summary>
internal sealed class ExchangedFeatures(OnnxModel served, GateReference reference, double bound)
{
    private const int RowsMax = 200;
    private readonly int _columns = served.FeatureCount;

    /// <summary>The first two that make all of some rows agree; null where none do.</summary>
    public (int First, int Second)? Find()
    {
        var rows = Enumerable.Range(0, Math.Min(RowsMax, reference.Expected.Length)).ToArray();
        for (var first = 0; first < _columns; first++)
        {
            for (var second = first + 1; second < _columns; second++)
            {
                if (Array.TrueForAll(rows, row => Agrees(row, first, second)))
                {
                    return (first, second);
                }
            }
        }

        return null;
    }

    private bool Agrees(int row, int first, int second)
    {
        var values = reference.Rows.AsSpan(row * _columns, _columns).ToArray();
        (values[first], values[second]) = (values[second], values[first]);
        try
        {
            return Math.Abs(served.Score(values) - reference.Expected[row]) <= bound;
        }
        catch (Exception e) when (e is ArithmeticException or OnnxRuntimeException)
        {
            return false;
        }
    }
}
