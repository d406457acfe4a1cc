namespace Streaming.Offline.Parquet;

/// <summary>
/// Cuts rows of CSV into fields. A quote is special at the start of a field only, as RFC 4180 has it; <see cref="CsvIndex"/> follows the
/// same rule. Blanks around a field without quotes are no part of it, unlike there: they come from hands and fixed-width exports, and
/// would make two keys of one.
/// </summary>
internal static class CsvRow
{
    private const int NoRowEnd = 0;
    private const int BareReturn = -1;

    /// <summary>The next field.</summary>
    /// <param name="text">The rest of the row's bytes and what follows them.</param>
    /// <param name="delimiter">Between fields.</param>
    public static CsvField Next(ReadOnlySpan<byte> text, byte delimiter)
    {
        if (text.Length > 0 && text[0] == '"')
        {
            return Quoted(text, delimiter);
        }

        var end = text.IndexOfAny(delimiter, (byte)'\n', (byte)'\r');
        end = end < 0 ? text.Length : end;
        var (start, stop) = (0, end);
        while (start < stop && IsBlank(text[start]))
        {
            start++;
        }

        while (stop > start && IsBlank(text[stop - 1]))
        {
            stop--;
        }

        return Ending(text, end, start, stop, start > 0 && start < stop && text[start] == '"' ? CsvFault.Quote : CsvFault.None);
    }

    private static bool IsBlank(byte character) => character is (byte)' ' or (byte)'\t';

    private static CsvField Quoted(ReadOnlySpan<byte> text, byte delimiter)
    {
        var closing = ClosingQuote(text);
        if (closing == text.Length)
        {
            return new CsvField(1, closing - 1, closing, EndsRow: true, CsvFault.Quote);
        }

        var behind = text[(closing + 1)..].IndexOfAny(delimiter, (byte)'\n', (byte)'\r');
        var end = behind < 0 ? text.Length : closing + 1 + behind;
        return Ending(text, end, 1, closing, end == closing + 1 ? CsvFault.None : CsvFault.Quote);
    }

    private static CsvField Ending(ReadOnlySpan<byte> text, int end, int start, int stop, CsvFault fault)
    {
        var ending = RowEnd(text, end);
        fault = ending == BareReturn && fault == CsvFault.None ? CsvFault.CarriageReturn : fault;
        return new CsvField(
            start, stop - start, Math.Min(text.Length, end + Math.Max(1, ending)), ending != NoRowEnd || end == text.Length, fault);
    }

    // The bytes that end the row where a field ends: LF, or CR LF; at the end of the file CR will do.
    private static int RowEnd(ReadOnlySpan<byte> text, int end) =>
        end == text.Length || text[end] is not ((byte)'\n' or (byte)'\r') ? NoRowEnd
        : text[end] == '\n' || end + 1 == text.Length ? 1
        : text[end + 1] == '\n' ? 2
        : BareReturn;

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
/// <param name="Start">Where its bytes begin, without quotes and blanks.</param>
/// <param name="Length">How many they are; doubled quotes are still doubled.</param>
/// <param name="Taken">How many bytes the field and what ends it take.</param>
/// <param name="EndsRow">Whether it is the row's last.</param>
/// <param name="Fault">What is wrong with it.</param>
internal readonly record struct CsvField(int Start, int Length, int Taken, bool EndsRow, CsvFault Fault);

/// <summary>What may be wrong with a field.</summary>
internal enum CsvFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Its quote is not closed, or text stands before the opening or behind the closing one.</summary>
    Quote,

    /// <summary>It ends with a carriage return that no line feed follows.</summary>
    CarriageReturn,
}
