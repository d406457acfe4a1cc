// Hot: Of runs once per cell.
namespace Streaming.Offline.Parquet;

/// <summary>
/// Where a cell's value is within the text that Sep found between two delimiters. Blanks around a value without quotes are no part of
/// it, unlike in RFC 4180: they come from hands and fixed-width exports, and would make two keys of one.
/// </summary>
/// <param name="Start">Where its bytes begin, without quotes and blanks.</param>
/// <param name="Length">How many they are; doubled quotes are still doubled.</param>
/// <param name="Fault">What is wrong with it.</param>
internal readonly record struct CsvCell(int Start, int Length, CsvFault Fault)
{
    /// <summary>Finds the value.</summary>
    /// <param name="text">The text, as <see cref="CsvText"/> gives it.</param>
    /// <param name="endsRow">Whether it is its row's last, which the carriage return before a line feed ends.</param>
    public static CsvCell Of(ReadOnlySpan<char> text, bool endsRow)
    {
        text = endsRow && text.EndsWith(CsvText.Return) ? text[..^1] : text;
        if (text.StartsWith('"'))
        {
            var isClosed = text.Length > 1 && text[^1] == '"';
            return new CsvCell(1, Math.Max(0, text.Length - 2), isClosed ? CsvFault.None : FaultOfQuoted(text));
        }

        var (start, end) = (0, text.Length);
        while (start < end && IsBlank(text[start]))
        {
            start++;
        }

        while (end > start && IsBlank(text[end - 1]))
        {
            end--;
        }

        var fault = start > 0 && start < end && text[start] == CsvText.PlainQuote ? CsvFault.Quote
            : text.Contains(CsvText.Return) ? CsvFault.CarriageReturn
            : CsvFault.None;
        return new CsvCell(start, end - start, fault);
    }

    private static bool IsBlank(char character) => character is ' ' or '\t';

    private static CsvFault FaultOfQuoted(ReadOnlySpan<char> text) =>
        text.IndexOf(['"', CsvText.Return]) > 0 ? CsvFault.CarriageReturn : CsvFault.Quote;
}
