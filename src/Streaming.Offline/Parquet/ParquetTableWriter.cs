using System.Collections.Immutable;
using ParquetSharp;
using Streaming.Offline.Files;

namespace Streaming.Offline.Parquet;

/// <summary>
/// Writes a Parquet file from column arrays, in row groups of 131,072 rows. Numbers are stored plainly, texts with a dictionary.
/// Compressed columns of a row group are written by several threads. The file is whole after <see cref="Complete"/>; without
/// it, nothing is left behind.
/// </summary>
public sealed class ParquetTableWriter : IDisposable
{
    /// <summary>Rows of a row group.</summary>
    public const int RowsPerGroup = 131_072;

    private const int PageBytes = 128 * 1024;
    private readonly string _path;
    private readonly string _temporary;
    private readonly ImmutableArray<ParquetColumn> _columns;
    private readonly bool _parallel;
    private ParquetFileWriter? _file;

    /// <param name="path">Where the file will be; an older one is replaced when the new one is complete.</param>
    /// <param name="columns">What will be written.</param>
    /// <param name="compression">How.</param>
    public ParquetTableWriter(string path, ImmutableArray<ParquetColumn> columns, ParquetCompression compression = ParquetCompression.None)
        : this(path, columns, compression, withStatistics: false)
    {
    }

    /// <param name="path">Where the file will be; an older one is replaced when the new one is complete.</param>
    /// <param name="columns">What will be written.</param>
    /// <param name="compression">How.</param>
    /// <param name="withStatistics">Whether each column's least and greatest value is noted, by which queries pass over row groups.</param>
    internal ParquetTableWriter(
        string path, ImmutableArray<ParquetColumn> columns, ParquetCompression compression, bool withStatistics)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentOutOfRangeException.ThrowIfZero(columns.Length);
        _path = path;
        _temporary = path + OutputFile.Temporary;
        _columns = columns;
        _parallel = compression != ParquetCompression.None && columns.Length > 1 && Environment.ProcessorCount > 1;
        using var builder = new WriterPropertiesBuilder();
        using var properties = Configure(builder, columns, compression, withStatistics);
        var schema = columns.Select(column => column.Schema()).ToArray();
        try
        {
            _file = new ParquetFileWriter(_temporary, schema, properties);
        }
        finally
        {
            foreach (var column in schema)
            {
                column.LogicalTypeOverride?.Dispose();
            }
        }
    }

    /// <summary>Writes whole columns as one file.</summary>
    public static void Write(
        string path, ImmutableArray<ParquetColumn> columns, int rows, ParquetCompression compression = ParquetCompression.None)
    {
        using var writer = new ParquetTableWriter(path, columns, compression);
        writer.Append(0, rows);
        writer.Complete();
    }

    /// <summary>Writes rows of the columns' arrays as they are now, as row groups of their own.</summary>
    /// <param name="first">The first row.</param>
    /// <param name="count">How many; best a multiple of <see cref="RowsPerGroup"/>.</param>
    public void Append(int first, int count) => Append(_columns, first, count);

    /// <summary>Writes rows of other columns with the names and types of the file's, as row groups of their own.</summary>
    /// <param name="columns">As many as the file has.</param>
    /// <param name="first">The first row.</param>
    /// <param name="count">How many.</param>
    public void Append(ImmutableArray<ParquetColumn> columns, int first, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(columns.Length, _columns.Length);
        ArgumentOutOfRangeException.ThrowIfNegative(first);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ObjectDisposedException.ThrowIf(_file is null, this);
        for (var done = 0; done < count; done += RowsPerGroup)
        {
            AppendRowGroup(_file, columns, first + done, Math.Min(RowsPerGroup, count - done));
        }
    }

    /// <summary>Writes the file's end and puts it in its place.</summary>
    public void Complete()
    {
        ObjectDisposedException.ThrowIf(_file is null, this);
        _file.Close();
        _file.Dispose();
        _file = null;
        File.Move(_temporary, _path, overwrite: true);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_file is not null)
        {
            _file.Dispose();
            _file = null;
            File.Delete(_temporary);
        }
    }

    private static WriterProperties Configure(
        WriterPropertiesBuilder builder, ImmutableArray<ParquetColumn> columns, ParquetCompression compression, bool withStatistics)
    {
        builder.DisableDictionary().DataPagesize(PageBytes).Compression(Codec(compression));
        if (!withStatistics)
        {
            builder.DisableStatistics();
        }

        if (compression == ParquetCompression.Zstd)
        {
            builder.CompressionLevel(1);
        }

        foreach (var column in columns.Where(column => column.UseDictionary))
        {
            builder.EnableDictionary(column.Name);
        }

        return builder.Build();
    }

    private static Compression Codec(ParquetCompression compression) => compression switch
    {
        ParquetCompression.None => Compression.Uncompressed,
        ParquetCompression.Snappy => Compression.Snappy,
        ParquetCompression.Lz4 => Compression.Lz4,
        ParquetCompression.Zstd => Compression.Zstd,
        _ => throw new ArgumentOutOfRangeException(nameof(compression), compression, "no such compression"),
    };

    private void AppendRowGroup(ParquetFileWriter file, ImmutableArray<ParquetColumn> columns, int first, int count)
    {
        if (_parallel)
        {
            AppendInParallel(file, columns, first, count);
            return;
        }

        using var group = file.AppendRowGroup();
        foreach (var column in columns)
        {
            using var writer = group.NextColumn();
            column.Write(writer, first, count);
        }

        group.Close();
    }

    // A buffered row group keeps each column's pages in memory, so writers share nothing while they write. Closing a column appends its
    // pages to the file: that must be one after the other, and is left to the group's close. Small pages leave little to do then.
    private static void AppendInParallel(ParquetFileWriter file, ImmutableArray<ParquetColumn> columns, int first, int count)
    {
        using var group = file.AppendBufferedRowGroup();
        var writers = new ColumnWriter[columns.Length];
        try
        {
            for (var i = 0; i < writers.Length; i++)
            {
                writers[i] = group.Column(i);
            }

            Parallel.For(0, writers.Length, i => columns[i].Write(writers[i], first, count));
        }
        finally
        {
            foreach (var writer in writers)
            {
                writer?.Dispose();
            }
        }

        group.Close();
    }
}
