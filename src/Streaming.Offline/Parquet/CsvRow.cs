namespace Streaming.Offline.Parquet;

/// <summary>Cuts rows of CSV into fields. A quote is special at the start of a field only, as RFC 4180 has it; <see cref="CsvIndex"/> follows the same rule.</summary>
internal static class CsvRow
{
    /// <summary>The next field.</summary>
    /// <param name="text">The rest of the row's bytes and what follows them.</param>
    /// <param name="delimiter">Between fields.</param>
    public static CsvField Next(ReadOnlySpan<byte> text, byte delimiter)
    {
        if (text.Length > 0 && text[0] == '"')
        {
            return Quoted(text, delimiter);
        }

        var end = text.IndexOfAny(delimiter, (byte)'\n');
        end = end < 0 ? text.Length : end;
        var endsRow = end >= text.Length || text[end] == '\n';
        var length = endsRow && end > 0 && text[end - 1] == '\r' ? end - 1 : end;
        return new CsvField(0, length, Math.Min(text.Length, end + 1), endsRow, IsWellFormed: true);
    }

    private static CsvField Quoted(ReadOnlySpan<byte> text, byte delimiter)
    {
        var closing = ClosingQuote(text);
        if (closing == text.Length)
        {
            return new CsvField(1, closing - 1, closing, EndsRow: true, IsWellFormed: false);
        }

        var rest = text[(closing + 1)..];
        var end = rest.IndexOfAny(delimiter, (byte)'\n');
        end = end < 0 ? rest.Length : end;
        var endsRow = end == rest.Length || rest[end] == '\n';
        var isWellFormed = end == 0 || (endsRow && end == 1 && rest[0] == '\r');
        return new CsvField(1, closing - 1, closing + 1 + Math.Min(rest.Length, end + 1), endsRow, isWellFormed);
    }

    private static int ClosingQuote(ReadOnlySpan<byte> text)
    {
        var at = 1;
        while (at < text.Length)
        {
            if (text[at] != '"')
            {
                at++;
            }
            else if (at + 1 < text.Length && text[at + 1] == '"')
            {
                at += 2;
            }
            else
            {
                break;
            }
        }

        return Math.Min(at, text.Length);
    }
}

/// <summary>One field of a row.</summary>
/// <param name="Start">Where its bytes begin, without quotes.</param>
/// <param name="Length">How many they are; doubled quotes are still doubled.</param>
/// <param name="Taken">How many bytes the field and what ends it take.</param>
/// <param name="EndsRow">Whether it is the row's last.</param>
/// <param name="IsWellFormed">False where its quote is not closed, or text follows the closing one.</param>
internal readonly record struct CsvField(int Start, int Length, int Taken, bool EndsRow, bool IsWellFormed);
