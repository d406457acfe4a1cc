// Hot: Read runs over every byte of a file.
using System.Text;

namespace Streaming.Offline.Parquet;

/// <summary>
/// The bytes of a CSV file as characters, one for each, so that where Sep finds a cell there are its bytes. Two bytes are masked, so that
/// Sep takes them for parts of a value: a carriage return, since only a line feed ends a row, and a quote that neither opens a value at
/// its start nor closes one.
/// </summary>
/// <param name="bytes">The file, or a part of it from the start of a row on.</param>
/// <param name="delimiter">Between values.</param>
internal sealed class CsvText(Stream bytes, byte delimiter) : TextReader
{
    /// <summary>Stands for a carriage return.</summary>
    public const char Return = '\u010D';

    /// <summary>Stands for a quote that is a character like any other.</summary>
    public const char PlainQuote = '\u0122';

    private const int BlockBytes = 1 << 16;
    private readonly byte[] _block = new byte[BlockBytes];
    private char _last = '\n';
    private bool _closed;

    /// <summary>Whether what was read so far ends within quotes.</summary>
    public bool IsQuoted { get; private set; }

    /// <inheritdoc/>
    public override int Read(char[] buffer, int index, int count) => Read(buffer.AsSpan(index, count));

    /// <inheritdoc/>
    public override int Read(Span<char> buffer)
    {
        var read = bytes.Read(_block, 0, Math.Min(BlockBytes, buffer.Length));
        var text = buffer[..Encoding.Latin1.GetChars(_block.AsSpan(0, read), buffer)];
        text.Replace('\r', Return);
        MaskQuotes(text);
        return read;
    }

    // RFC 4180: a quote right behind a closing one makes both a quote of the value.
    private void MaskQuotes(Span<char> text)
    {
        var from = 0;
        for (var found = text.IndexOf('"'); found >= 0; found = text[from..].IndexOf('"'))
        {
            var at = from + found;
            var before = at > 0 ? text[at - 1] : _last;
            var doubles = _closed && found == 0;
            if (IsQuoted || doubles || before == delimiter || before == '\n')
            {
                (IsQuoted, _closed) = (!IsQuoted, IsQuoted);
            }
            else
            {
                text[at] = PlainQuote;
                _closed = false;
            }

            from = at + 1;
        }

        _closed &= from == text.Length;
        _last = text.IsEmpty ? _last : text[^1];
    }
}
