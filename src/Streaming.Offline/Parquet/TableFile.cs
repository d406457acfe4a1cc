using System.Collections.Immutable;
using Streaming.Hocon;

namespace Streaming.Offline.Parquet;

/// <summary>
/// A file of rows with named columns, Parquet or CSV, read by row group and column. One thread uses it at a time; threads that
/// share the row groups of a file open it once each.
/// </summary>
public abstract class TableFile : IDisposable
{
    private protected TableFile(string path) => Path = path;

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The columns' names, in the file's order.</summary>
    public ImmutableArray<string> Columns { get; private protected set; } = [];

    /// <summary>How many row groups there are.</summary>
    public abstract int RowGroupCount { get; }

    /// <summary>How many rows there are.</summary>
    public abstract long RowCount { get; }

    /// <summary>Opens a file: CSV where its name ends in <c>.csv</c>, tab-separated where in <c>.tsv</c>, else Parquet.</summary>
    /// <exception cref="TableFormatException">There is no such file, or it is not of that format.</exception>
    public static TableFile Open(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!File.Exists(path))
        {
            throw new TableFormatException(Directory.Exists(path)
                ? $"{path}: this is a directory; name the files in it"
                : $"{path}: there is no such file");
        }

        if (ForeignFile.Fault(path) is { } fault)
        {
            throw new TableFormatException($"{path}: the file {fault}");
        }

        return System.IO.Path.GetExtension(path).ToUpperInvariant() switch
        {
            ".CSV" => new CsvTable(path, (byte)','),
            ".TSV" => new CsvTable(path, (byte)'\t'),
            _ => ParquetTable.Open(path),
        };
    }

    /// <summary>
    /// Whether a column is one of whole numbers, by its type: <see cref="TableRowGroup.TryReadIntegers"/> reads it unless one is null.
    /// </summary>
    public abstract bool IsInteger(int column);

    /// <summary>How many rows a row group has.</summary>
    public abstract int RowsOf(int rowGroup);

    /// <summary>Starts reading a row group.</summary>
    public abstract TableRowGroup OpenRowGroup(int rowGroup);

    /// <summary>How many rows come before a row group.</summary>
    public long RowsBefore(int rowGroup) => Enumerable.Range(0, rowGroup).Sum(group => (long)RowsOf(group));

    /// <summary>Whether there is a column for a field.</summary>
    /// <param name="field">The field.</param>
    /// <param name="map">Which column holds it; one that is mapped must be there.</param>
    /// <param name="optional">Whether an event does without the field.</param>
    /// <exception cref="TableFormatException">There is no such column and the field needs one; names the nearest.</exception>
    public bool Gives(string field, ColumnMap map, bool optional)
    {
        ArgumentNullException.ThrowIfNull(map);
        return !(optional && !map.Fields.Contains(field) && !Columns.Contains(field)) && ColumnOf(field, map) >= 0;
    }

    /// <summary>The index of the column that holds a field.</summary>
    /// <exception cref="TableFormatException">There is no such column (the message names the nearest), or there are two.</exception>
    public int ColumnOf(string field, ColumnMap map)
    {
        ArgumentNullException.ThrowIfNull(map);
        var column = map.ColumnOf(field);
        var index = Columns.IndexOf(column);
        return index < 0 ? throw new TableFormatException(Missing(field, column, map))
            : Columns.LastIndexOf(column) == index ? index : throw new TableFormatException(
                $"{Path}: there are two columns '{column}' (a name with a dot, and a field of a struct, are written alike); rename one " +
                "of them");
    }

    /// <inheritdoc/>
    public abstract void Dispose();

    private string Missing(string field, string column, ColumnMap map)
    {
        var asked = field == column ? $"column '{column}'" : $"column '{column}' for field '{field}'";
        return NearestName.Find(column, Columns) is { } nearest
            ? $"{Path}: there is no {asked}; did you mean '{nearest}'?{Option(nearest)}"
            : $"{Path}: there is no {asked}; it has {string.Join(", ", Columns)}{Option("COLUMN")}";
        string Option(string given) => map.IsOption ? $" (--map {map.Option(field)}={given})" : "";
    }
}
