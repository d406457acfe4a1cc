using System.Collections.Immutable;
using Streaming.Offline.Parquet;
using Streaming.Scoring.Drift;

namespace Streaming.Offline.Drift;

/// <summary>Counts rows in the cells of a model's baselines, to compare them with training.</summary>
/// <param name="baseline">One for each feature of the model, in order, and one for the score, last.</param>
public sealed class DriftCounts(ImmutableArray<BaselineHistogram> baseline)
{
    private readonly long[][] _counts = [.. baseline.Select(histogram => new long[histogram.Cells])];
    private bool _hasScores = true;

    /// <summary>Counts one scored vector, in the order of the baselines; NaN is missing.</summary>
    /// <exception cref="ArgumentException">The vector has another length.</exception>
    public void Add(ReadOnlySpan<double> features, double score)
    {
        if (features.Length != baseline.Length - 1)
        {
            throw new ArgumentException($"{features.Length} features for {baseline.Length - 1} baselines", nameof(features));
        }

        for (var i = 0; i < features.Length; i++)
        {
            _counts[i][baseline[i].CellOf(features[i])]++;
        }

        _counts[^1][baseline[^1].CellOf(score)]++;
    }

    /// <summary>Counts the rows of a table with a column for each feature, by its name, and maybe one named score.</summary>
    /// <exception cref="TableFormatException">A feature has no column, or a column has other values.</exception>
    /// <exception cref="TableDamagedException">The file is damaged.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public void Add(string file)
    {
        using var table = TableFile.Open(file);
        _hasScores = table.Columns.Contains(BaselineHistogram.Score);
        int[] columns = [.. baseline[..^1].Select(histogram => table.ColumnOf(histogram.Name, ColumnMap.Fixed)),
            .. _hasScores ? [table.Columns.IndexOf(BaselineHistogram.Score)] : ReadOnlySpan<int>.Empty];
        for (var group = 0; group < table.RowGroupCount; group++)
        {
            using var rows = table.OpenRowGroup(group);
            var values = new double[rows.Rows];
            for (var i = 0; i < columns.Length; i++)
            {
                rows.ReadNumbers(columns[i], values);
                foreach (var value in values)
                {
                    // A model takes floats: a value between two of them belongs to the bin of the one that it is rounded to.
                    _counts[i][baseline[i].CellOf((float)value)]++;
                }
            }
        }
    }

    /// <summary>Compares; the score only where there were scores.</summary>
    public ImmutableArray<DriftFinding> Compare() =>
        [.. baseline[..(_hasScores ? baseline.Length : baseline.Length - 1)]
            .Select((histogram, i) => DriftComparison.Of(histogram, _counts[i]))];
}
