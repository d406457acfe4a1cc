// Hot: MoveNext runs once per row.
using nietras.SeparatedValues;

namespace Streaming.Offline.Parquet;

/// <summary>The rows of a CSV file one after the other, cut into cells by Sep.</summary>
internal sealed class CsvRows : IDisposable
{
    private const string QuoteHint = "close it, or double the quotes that belong to a value";
    private readonly CsvText _text;
    private readonly SepReader _reader;
    private readonly string _path;
    private long _row;

    /// <param name="bytes">The file, or a part of it from the start of a row on.</param>
    /// <param name="delimiter">Between values.</param>
    /// <param name="path">The file's name.</param>
    /// <param name="firstRow">The number of the first row; 0 is the header.</param>
    public CsvRows(Stream bytes, byte delimiter, string path, long firstRow)
    {
        (_path, _row) = (path, firstRow - 1);
        _text = new CsvText(bytes, delimiter);
        try
        {
            // It reads the first row.
            _reader = Sep.New((char)delimiter)
                .Reader(options => options with { HasHeader = false, DisableColCountCheck = true })
                .From(_text);
        }
        catch (NotSupportedException error)
        {
            throw TooLong(error);
        }
    }

    /// <summary>The row.</summary>
    public SepReader.Row Current => _reader.Current;

    /// <summary>How many bytes the row takes, its line feed included; at the end of the file it may lack that.</summary>
    public int Bytes => _reader.Current.Span.Length + 1;

    /// <summary>Whether nothing is in the row.</summary>
    public bool IsBlank => _reader.Current.Span is [] or [CsvText.Return];

    /// <summary>Goes to the next row.</summary>
    /// <returns>False if there is none.</returns>
    /// <exception cref="TableFormatException">The row is longer than Sep takes, or ends the file within quotes.</exception>
    public bool MoveNext()
    {
        try
        {
            if (_reader.MoveNext())
            {
                _row++;
                return true;
            }
        }
        catch (NotSupportedException error)
        {
            throw TooLong(error);
        }

        return _text.IsQuoted
            ? throw new TableFormatException($"{_path}: {NameOf(_row)} opens a quote that is never closed; {QuoteHint}")
            : false;
    }

    /// <inheritdoc/>
    public void Dispose() => _reader.Dispose();

    private TableFormatException TooLong(NotSupportedException error) => new(
        $"{_path}: {NameOf(_row + 1)} is longer than 16 MiB, as if it opened a quote that is never closed; {QuoteHint}", error);

    private static string NameOf(long row) => row == 0 ? "its header" : $"row {row} (the header not counted)";
}
