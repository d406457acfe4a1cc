using System.Collections.Immutable;
using Streaming.Scoring.Drift;

namespace Streaming.Offline.Gate;

/// <summary>Rows that real ones are changed into, to see what a model does with what it seldom gets.</summary>
internal static class GateProbes
{
    private const int BaseRows = 20;

    /// <summary>Each feature missing in turn, in some of the rows; and a row where all are.</summary>
    public static float[] Missing(ReadOnlySpan<float> rows, int columns)
    {
        var probes = new List<float>();
        for (var column = 0; column < columns; column++)
        {
            for (var i = 0; i < Count(rows, columns); i++)
            {
                var row = Base(rows, columns, i);
                row[column] = float.NaN;
                probes.AddRange(row);
            }
        }

        probes.AddRange(Enumerable.Repeat(float.NaN, columns));
        return [.. probes];
    }

    /// <summary>Each feature in turn a little and far below and above its range.</summary>
    public static float[] Outside(ReadOnlySpan<float> rows, int columns, ImmutableArray<(float Min, float Max)> ranges)
    {
        var probes = new List<float>();
        for (var column = 0; column < columns; column++)
        {
            var (min, max) = ranges[column];
            var span = max > min ? max - min : 1;
            float[] outside = [MathF.BitDecrement(min), min - span, -1e30f, MathF.BitIncrement(max), max + span, 1e30f];
            foreach (var value in outside)
            {
                for (var i = 0; i < Math.Min(4, Count(rows, columns)); i++)
                {
                    var row = Base(rows, columns, i);
                    row[column] = value;
                    probes.AddRange(row);
                }
            }
        }

        return [.. probes];
    }

    /// <summary>The least and the greatest value of each feature: in training where the file says it, else in the rows.</summary>
    public static ImmutableArray<(float Min, float Max)> Ranges(
        float[] rows, int columns, ImmutableArray<BaselineHistogram> baseline)
    {
        var ranges = ImmutableArray.CreateBuilder<(float, float)>(columns);
        for (var column = 0; column < columns; column++)
        {
            if (column < baseline.Length && baseline[column] is { Min: { } low, Max: { } high })
            {
                ranges.Add(((float)low, (float)high));
                continue;
            }

            var (min, max) = (float.PositiveInfinity, float.NegativeInfinity);
            for (var at = column; at < rows.Length; at += columns)
            {
                // Min and Max of Math would let NaN win.
                min = rows[at] < min ? rows[at] : min;
                max = rows[at] > max ? rows[at] : max;
            }

            ranges.Add(min <= max ? (min, max) : (0, 0));
        }

        return ranges.MoveToImmutable();
    }

    private static int Count(ReadOnlySpan<float> rows, int columns) => Math.Min(BaseRows, rows.Length / columns);

    private static float[] Base(ReadOnlySpan<float> rows, int columns, int i)
    {
        var row = (int)((long)i * (rows.Length / columns) / Count(rows, columns));
        return rows.Slice(row * columns, columns).ToArray();
    }
}
