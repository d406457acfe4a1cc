namespace Streaming.Offline.Parquet;

/// <summary>
/// Where the rows of a CSV file begin, every <see cref="RowsPerGroup"/> rows: found in one pass that looks at line ends and quotes
/// only (RFC 4180: a line end inside quotes belongs to the value).
/// </summary>
/// <param name="Starts">The first byte of each group, and of what follows the last.</param>
/// <param name="Rows">The rows of each group.</param>
internal sealed record CsvIndex(List<long> Starts, List<int> Rows)
{
    public const int RowsPerGroup = 131_072;
    private const int BlockBytes = 1 << 20;

    public static CsvIndex Of(FileStream file, long firstRow)
    {
        var index = new CsvIndex([firstRow], []);
        var block = new byte[BlockBytes];
        file.Position = firstRow;
        var (quoted, rows, lineStart, at) = (false, 0, firstRow, firstRow);
        for (var read = file.Read(block); read > 0; at += read, read = file.Read(block))
        {
            var left = block.AsSpan(0, read);
            for (var next = left.IndexOfAny((byte)'\n', (byte)'"'); next >= 0; next = left.IndexOfAny((byte)'\n', (byte)'"'))
            {
                if (left[next] == '"')
                {
                    quoted = !quoted;
                }
                else if (!quoted)
                {
                    lineStart = at + read - left.Length + next + 1;
                    rows = index.EndRow(rows + 1, lineStart);
                }

                left = left[(next + 1)..];
            }
        }

        // The last row may lack its line end.
        rows += at > lineStart ? 1 : 0;
        if (rows > 0)
        {
            index.Rows.Add(rows);
            index.Starts.Add(at);
        }

        return index;
    }

    private int EndRow(int rows, long end)
    {
        if (rows < RowsPerGroup)
        {
            return rows;
        }

        Rows.Add(rows);
        Starts.Add(end);
        return 0;
    }
}
