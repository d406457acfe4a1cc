using System.Collections.Immutable;
using DuckDB.NET.Data;

namespace Streaming.Offline.Datasets;

/// <summary>A spine as a query: a file, or what the user wrote.</summary>
internal static class SpineQuery
{
    /// <summary>The query.</summary>
    /// <param name="spine">A file, by its ending or because it is there, or a query.</param>
    /// <param name="texts">Columns of a CSV file that are texts, whatever they look like: <c>007</c> is not 7.</param>
    /// <exception cref="DatasetException">There is no such file.</exception>
    public static string Of(string spine, ImmutableArray<string> texts)
    {
        var ending = Path.GetExtension(spine).ToUpperInvariant();
        if (!File.Exists(spine) && (ending is not (".PARQUET" or ".CSV" or ".TSV") || spine.Any(char.IsWhiteSpace)))
        {
            return spine.TrimEnd(';', ' ', '\n', '\t', '\r');
        }

        if (!File.Exists(spine))
        {
            throw new DatasetException($"--spine {spine}: there is no such file");
        }

        var delimiter = ending == ".TSV" ? '\t' : ',';
        return ending is ".CSV" or ".TSV"
            ? $"SELECT * FROM read_csv({Sql.Text(spine)}, header = true, delim = '{delimiter}'{Types(spine, texts)})"
            : $"SELECT * FROM read_parquet({Sql.Text(spine)})";
    }

    /// <summary>What DuckDB says, in one line.</summary>
    public static DatasetException Fault(DuckDBException error)
    {
        var lines = error.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Where(line => !line.StartsWith('^') && !line.StartsWith("LINE ", StringComparison.Ordinal));
        return new DatasetException($"--spine: {string.Join(' ', lines)}", error);
    }

    private static string Types(string file, ImmutableArray<string> texts)
    {
        var header = File.ReadLines(file).FirstOrDefault() ?? string.Empty;
        var there = header.Split(',', '\t').Select(name => name.Trim().Trim('"')).Intersect(texts).ToArray();
        var types = string.Join(", ", there.Select(name => $"{Sql.Text(name)}: 'VARCHAR'"));
        return there.Length == 0 ? string.Empty : $", types = {{{types}}}";
    }
}
