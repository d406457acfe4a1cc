namespace Streaming.Offline.Parquet;

/// <summary>
/// Where the rows of a CSV file begin, every <see cref="RowsPerGroup"/> rows: found in one pass that looks at line ends and quotes
/// only (RFC 4180: a line end inside quotes belongs to the value, and a quote opens at the start of a field only).
/// </summary>
internal sealed class CsvIndex
{
    public const int RowsPerGroup = 131_072;
    private const int BlockBytes = 1 << 20;
    private readonly byte _delimiter;
    private bool _quoted;
    private long _closedAt = -1;
    private long _lineStart;
    private long _openedInRow;
    private int _rows;
    private long _blanksFrom;
    private int _blanks;

    private CsvIndex(long firstRow, byte delimiter) => (Starts, _lineStart, _delimiter) = ([firstRow], firstRow, delimiter);

    /// <summary>The first byte of each group, and of what follows the last.</summary>
    public List<long> Starts { get; }

    /// <summary>The rows of each group.</summary>
    public List<int> Rows { get; } = [];

    private long RowNumber => ((long)Rows.Count * RowsPerGroup) + _rows + 1;

    /// <summary>Goes through a file from its first row on.</summary>
    /// <exception cref="TableFormatException">A quote is opened and never closed.</exception>
    public static CsvIndex Of(FileStream file, long firstRow, byte delimiter)
    {
        var index = new CsvIndex(firstRow, delimiter);
        var block = new byte[BlockBytes];
        file.Position = firstRow;
        var (at, before) = (firstRow, (byte)'\n');
        for (var read = file.Read(block); read > 0; at += read, before = block[read - 1], read = file.Read(block))
        {
            index.Add(block.AsSpan(0, read), at, before);
        }

        return index._quoted
            ? throw new TableFormatException(
                $"{file.Name}: row {index._openedInRow} (the header not counted) opens a quote that is never closed; close it, or double " +
                "the quotes that belong to a value")
            : index.End(at);
    }

    private void Add(ReadOnlySpan<byte> block, long at, byte before)
    {
        for (var next = block.IndexOfAny((byte)'\n', (byte)'"'); next >= 0;)
        {
            if (block[next] == '"')
            {
                Quote(at + next, next > 0 ? block[next - 1] : before);
            }
            else if (!_quoted)
            {
                var lineBytes = at + next - _lineStart;
                CountBlank(lineBytes == 0 || (lineBytes == 1 && (next > 0 ? block[next - 1] : before) == '\r'));
                _rows++;
                _lineStart = at + next + 1;
                EndGroup();
            }

            var found = block[(next + 1)..].IndexOfAny((byte)'\n', (byte)'"');
            next = found < 0 ? -1 : next + 1 + found;
        }
    }

    // A quote right behind a closing one makes both a quote of the value.
    private void Quote(long at, byte before)
    {
        if (_quoted)
        {
            (_quoted, _closedAt) = (false, at);
        }
        else if (at == _closedAt + 1 && _closedAt >= 0)
        {
            _quoted = true;
        }
        else if (before == _delimiter || before == '\n')
        {
            (_quoted, _openedInRow) = (true, RowNumber);
        }
    }

    // Blank lines count as rows until the file ends with them: in between they are mistakes.
    private void CountBlank(bool isBlank)
    {
        _blanksFrom = _blanks == 0 ? _lineStart : _blanksFrom;
        _blanks = isBlank ? _blanks + 1 : 0;
    }

    private void EndGroup()
    {
        if (_rows == RowsPerGroup)
        {
            Rows.Add(_rows);
            Starts.Add(_lineStart);
            _rows = 0;
        }
    }

    // The last row may lack its line end.
    private CsvIndex End(long end)
    {
        (_rows, _blanks) = end > _lineStart ? (_rows + 1, 0) : (_rows, _blanks);
        end = _blanks > 0 ? _blanksFrom : end;
        while (_blanks > _rows)
        {
            (_blanks, _rows) = (_blanks - _rows, Rows[^1]);
            Rows.RemoveAt(Rows.Count - 1);
            Starts.RemoveAt(Starts.Count - 1);
        }

        _rows -= _blanks;
        if (_rows > 0)
        {
            Rows.Add(_rows);
            Starts.Add(end);
        }

        return this;
    }
}
