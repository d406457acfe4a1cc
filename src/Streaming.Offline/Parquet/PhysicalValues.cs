using ParquetSharp;

namespace Streaming.Offline.Parquet;

/// <summary>Reads all stored values of one column of one row group, nulls in their rows.</summary>
internal static class PhysicalValues
{
    /// <param name="reader">Stands at the first row.</param>
    /// <param name="values">One a row; undefined where null.</param>
    /// <param name="levels">Scratch and result: a row is null where its level is below <paramref name="maxLevel"/>. Untouched where that is 0.</param>
    /// <param name="maxLevel">The column's largest definition level.</param>
    public static void Read<T>(ColumnReader<T> reader, Span<T> values, Span<short> levels, short maxLevel)
        where T : unmanaged
    {
        for (var row = 0; row < values.Length;)
        {
            row += ReadSome(reader, values[row..], maxLevel == 0 ? levels : levels[row..], maxLevel);
        }
    }

    /// <summary>As <see cref="Read"/>, but at most a page; returns the rows read. Texts stay where they are until the next call.</summary>
    public static int ReadSome<T>(ColumnReader<T> reader, Span<T> values, Span<short> levels, short maxLevel)
        where T : unmanaged
    {
        int read;
        if (maxLevel == 0)
        {
            read = (int)reader.ReadBatch(values.Length, values, out _);
        }
        else
        {
            read = (int)reader.ReadBatch(values.Length, levels, default, values, out var present);
            Spread(values[..read], levels, maxLevel, (int)present);
        }

        return read > 0 ? read : throw new InvalidDataException($"the column ends {values.Length} rows before its row group");
    }

    // Values that are there come without gaps; from the back, each moves to its row.
    private static void Spread<T>(Span<T> values, Span<short> levels, short maxLevel, int present)
    {
        for (var row = values.Length - 1; present <= row && row >= 0; row--)
        {
            if (levels[row] == maxLevel)
            {
                values[row] = values[--present];
            }
        }
    }
}
