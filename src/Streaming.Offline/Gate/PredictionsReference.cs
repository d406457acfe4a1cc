using System.Collections.Immutable;
using Streaming.Offline.Parquet;
using Streaming.Scoring.Drift;
using Streaming.Scoring.Models;

namespace Streaming.Offline.Gate;

/// <summary>Scores that the model gave where it was made: a table with a column for each feature, and one with the score.</summary>
public sealed class PredictionsReference : GateReference
{
    /// <summary>The name of the column with scores, unless another is given.</summary>
    public const string ScoreColumn = BaselineHistogram.Score;

    private PredictionsReference(string file, float[] rows, double[] expected)
        : base(file, rows, expected)
    {
    }

    /// <summary>Reads a table.</summary>
    /// <param name="file">Parquet, .csv or .tsv.</param>
    /// <param name="features">The features of the service, in order.</param>
    /// <param name="mapping">The model's; features that its inputs do not take need no column.</param>
    /// <param name="scoreColumn">The column with the scores.</param>
    /// <param name="map">The columns of features, where they have other names; null where they have not.</param>
    /// <exception cref="TableFormatException">A column is not there, a score is missing, or there are no rows.</exception>
    /// <exception cref="TableDamagedException">The file is damaged.</exception>
    public static PredictionsReference Read(
        string file, ImmutableArray<string> features, ModelMapping mapping, string scoreColumn = ScoreColumn, ColumnMap? map = null)
    {
        ArgumentNullException.ThrowIfNull(mapping);
        map ??= ColumnMap.Empty;
        map.Check(features);
        using var table = TableFile.Open(file);
        var needed = mapping.Inputs.IsEmpty ? [.. features] : mapping.Inputs.SelectMany(input => input.Features).ToHashSet();
        int[] columns = [.. features.Select(name => needed.Contains(name) ? table.ColumnOf(name, map) : -1)];
        var scores = table.Columns.Contains(scoreColumn)
            ? table.ColumnOf(scoreColumn, ColumnMap.Fixed)
            : throw new TableFormatException(
                $"{file}: there is no column '{scoreColumn}' with the model's scores; it has {string.Join(", ", table.Columns)} " +
                "(--score COLUMN)");
        if (table.RowCount == 0)
        {
            throw new TableFormatException($"{file}: it has no rows to compare");
        }

        var rows = new float[table.RowCount * columns.Length];
        var expected = new double[table.RowCount];
        for (var group = 0; group < table.RowGroupCount; group++)
        {
            Read(table, group, columns, scores, rows, expected);
        }

        var missing = Array.FindIndex(expected, double.IsNaN);
        return missing < 0
            ? new(file, rows, expected)
            : throw new TableFormatException($"{file}: row {missing + 1} has no {scoreColumn}; leave such rows out");
    }

    /// <inheritdoc/>
    internal override double[]? Score(ReadOnlySpan<float> rows) => null;

    private static void Read(TableFile table, int group, int[] columns, int scores, float[] rows, double[] expected)
    {
        using var part = table.OpenRowGroup(group);
        var first = (int)table.RowsBefore(group);
        var values = new double[part.Rows];
        for (var column = 0; column < columns.Length; column++)
        {
            if (columns[column] < 0)
            {
                values.AsSpan().Fill(double.NaN);
            }
            else
            {
                part.ReadNumbers(columns[column], values);
            }

            for (var row = 0; row < values.Length; row++)
            {
                // As in ServicePlan.Assemble: what is too large for a float is missing.
                var value = (float)values[row];
                rows[((first + row) * columns.Length) + column] = float.IsFinite(value) ? value : float.NaN;
            }
        }

        part.ReadNumbers(scores, expected.AsSpan(first, part.Rows));
    }
}
