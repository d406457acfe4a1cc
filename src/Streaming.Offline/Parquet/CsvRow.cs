namespace Streaming.Offline.Parquet;

/// <summary>Cuts rows of CSV into fields.</summary>
internal static class CsvRow
{
    /// <summary>The next field: its bytes without quotes (doubled quotes still doubled), and where the one after it begins.</summary>
    /// <param name="text">The rest of the row's bytes and what follows them.</param>
    /// <param name="delimiter">Between fields.</param>
    /// <param name="start">Where the field's bytes begin.</param>
    /// <param name="length">How many they are.</param>
    /// <param name="endsRow">Whether it is the row's last.</param>
    /// <returns>How many bytes the field and what ends it take.</returns>
    public static int Next(ReadOnlySpan<byte> text, byte delimiter, out int start, out int length, out bool endsRow)
    {
        var end = 0;
        start = 0;
        if (text.Length > 0 && text[0] == '"')
        {
            start = 1;
            end = ClosingQuote(text);
            length = end - 1;
        }
        else
        {
            end = text.IndexOfAny(delimiter, (byte)'\n');
            end = end < 0 ? text.Length : end;
            length = end;
        }

        while (end < text.Length && text[end] != delimiter && text[end] != '\n')
        {
            end++;
        }

        endsRow = end >= text.Length || text[end] == '\n';
        if (endsRow && start == 0 && length > 0 && text[length - 1] == '\r')
        {
            length--;
        }

        return Math.Min(text.Length, end + 1);
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

        return at;
    }
}
