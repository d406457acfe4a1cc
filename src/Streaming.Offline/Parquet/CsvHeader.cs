using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;
using nietras.SeparatedValues;

namespace Streaming.Offline.Parquet;

/// <summary>Reads the first line of a CSV file, which names its columns.</summary>
/// <param name="path">The file, for messages.</param>
/// <param name="delimiter">What the file's name says that separates values.</param>
internal sealed class CsvHeader(string path, byte delimiter)
{
    /// <summary>The names of the columns.</summary>
    /// <param name="header">The first row.</param>
    /// <param name="bytes">Its bytes, line end included.</param>
    /// <exception cref="TableFormatException">They are no names, or not each once; the text says how to mend the file.</exception>
    public ImmutableArray<string> Names(SepReader.Row header, ReadOnlySpan<byte> bytes)
    {
        var names = ImmutableArray.CreateBuilder<string>(header.ColCount);
        for (var (column, at) = (0, 0); column < header.ColCount; column++)
        {
            var text = header[column].Span;
            var cell = CsvCell.Of(text, endsRow: column == header.ColCount - 1);
            var name = bytes.Slice(at + cell.Start, cell.Length);
            names.Add(HeaderFault(cell.Fault, name) is { } fault
                ? throw new TableFormatException($"{path}: its header {fault}")
                : Encoding.UTF8.GetString(name).Replace("\"\"", "\"", StringComparison.Ordinal).Trim());
            at += text.Length + 1;
        }

        if (ExcelFault(bytes) is { } line)
        {
            throw new TableFormatException($"{path}: {line}");
        }

        if (names.Count == 1 && OtherDelimiter(names[0]) is { } hint)
        {
            throw new TableFormatException($"{path}: its header is one column, '{names[0]}': {hint}");
        }

        // No field is read from a column without a name, such as an index that pandas wrote.
        var named = names.Where(name => name.Length > 0).ToList();
        return named.Count > 0 && named.Distinct().Count() == named.Count ? names.ToImmutable() : throw NotNamed(names);
    }

    private TableFormatException NotNamed(IEnumerable<string> names) =>
        new($"{path}: its first line must name each column once; it is '{string.Join(",", names)}'");

    private static string? HeaderFault(CsvFault fault, ReadOnlySpan<byte> name) => fault switch
    {
        CsvFault.Quote => "has a quote that is not closed, or text before or behind one; write the names without quotes",
        CsvFault.CarriageReturn => $"ends with a carriage return that no line feed follows; {CsvTable.LineEndHint}",
        _ => Utf8.IsValid(name) ? null : $"is not UTF-8; {CsvTable.EncodingHint}",
    };

    /// <summary>A line that tells Excel the delimiter (<c>sep=;</c>) is no header.</summary>
    private string? ExcelFault(ReadOnlySpan<byte> line)
    {
        var text = Encoding.UTF8.GetString(line).TrimEnd('\r', '\n').Trim('"');
        if (text.Length > "sep=;".Length || !text.StartsWith("sep=", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var other = OtherDelimiter(text) is { } hint
            ? $". It says that {hint.Replace("its names", "values", StringComparison.Ordinal)}"
            : "";
        return $"its first line, '{text}', is for Excel; remove it: tail -n +2 {path} > new{Path.GetExtension(path)}{other}";
    }

    // What separates the names of a file that is named for another delimiter.
    private string? OtherDelimiter(string header) => delimiter switch
    {
        (byte)',' when header.Contains('\t', StringComparison.Ordinal) => "tabs separate its names; call the file .tsv",
        (byte)'\t' when header.Contains(',', StringComparison.Ordinal) => "commas separate its names; call the file .csv",
        _ when header.Contains(';', StringComparison.Ordinal) =>
            "semicolons separate its names; write the file with commas between values, and points in decimal numbers",
        _ => null,
    };
}
