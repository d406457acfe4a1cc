namespace Streaming.Offline.Parquet;

/// <summary>Where the rows of a CSV file begin, every <see cref="RowsPerGroup"/> rows: found in one pass over the file.</summary>
internal sealed class CsvIndex
{
    public const int RowsPerGroup = 131_072;
    private readonly List<long> _starts = [];

    /// <summary>Goes through the rows behind the header.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="firstRow">The byte at which the first of them begins.</param>
    public CsvIndex(CsvRows rows, long firstRow)
    {
        var (at, count) = (firstRow, 0L);
        _starts.Add(at);
        while (rows.MoveNext())
        {
            at += rows.Bytes;
            count++;
            if (count % RowsPerGroup == 0)
            {
                _starts.Add(at);
            }

            // Blank lines count as rows until the file ends with them: in between they are mistakes.
            (RowCount, End) = rows.IsBlank ? (RowCount, End) : (count, at);
        }
    }

    /// <summary>How many rows there are.</summary>
    public long RowCount { get; }

    /// <summary>How many groups they make.</summary>
    public int Groups => (int)((RowCount + RowsPerGroup - 1) / RowsPerGroup);

    // Behind the last row that is not blank; one byte further where the file ends without a line end.
    private long End { get; }

    /// <summary>How many rows a group has.</summary>
    public int RowsOf(int group) => (int)Math.Min(RowsPerGroup, RowCount - ((long)group * RowsPerGroup));

    /// <summary>The bytes of a group: where they begin, and where what follows them does.</summary>
    public (long Start, long End) BytesOf(int group) => (_starts[group], group + 1 < Groups ? _starts[group + 1] : End);
}
