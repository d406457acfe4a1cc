using System.Text;

namespace Streaming.Offline.Training.Reports;

/// <summary>Tables of Markdown.</summary>
internal static class MarkdownTable
{
    /// <summary>Appends a table and an empty line.</summary>
    public static void Write(StringBuilder text, IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows)
    {
        Row(text, headings);
        Row(text, [.. headings.Select(_ => "---")]);
        foreach (var row in rows)
        {
            Row(text, row);
        }

        text.Append('\n');
    }

    private static void Row(StringBuilder text, IReadOnlyList<string> cells) =>
        text.Append("| ").AppendJoin(" | ", cells).Append(" |\n");
}
