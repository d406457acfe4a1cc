using System.Collections.Immutable;
using System.Globalization;
using DuckDB.NET.Data;
using Streaming.Contracts.Schemas;

namespace Streaming.Offline.Datasets;

/// <summary>DuckDB in this process, with a view for each topic of a lake. What does not fit its memory goes to disk.</summary>
internal sealed class LakeDatabase : IDisposable
{
    private readonly DuckDBConnection _connection = new("Data Source=:memory:");
    private readonly CancellationToken _cancellation;

    /// <param name="lake">The lake's folder.</param>
    /// <param name="work">Where files may be made.</param>
    /// <param name="options">Threads and memory.</param>
    /// <param name="cancellation">Ends a query.</param>
    public LakeDatabase(string lake, string work, DatasetOptions options, CancellationToken cancellation)
    {
        _cancellation = cancellation;
        _connection.Open();
        Execute(string.Create(
            CultureInfo.InvariantCulture,
            $"SET threads = {options.Threads}; SET memory_limit = '{options.MemoryMebibytes}MiB'; SET TimeZone = 'UTC'; " +
            $"SET temp_directory = {Sql.Text(Path.Combine(work, "spill"))}; SET autoinstall_known_extensions = false; " +
            $"SET parquet_metadata_cache = true"));
        var views = ImmutableArray.CreateBuilder<string>();
        foreach (var topic in EventSchemas.ByTopic.Keys.Order(StringComparer.Ordinal))
        {
            var folder = Path.Combine(lake, topic);
            if (Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*.parquet", SearchOption.AllDirectories).Any())
            {
                var files = $"{Sql.Text(Path.Combine(folder, "**", "*.parquet"))}, hive_partitioning = true, union_by_name = true";
                Execute($"CREATE VIEW {Sql.Name(topic)} AS SELECT * FROM read_parquet({files})");
                views.Add(topic);
            }
        }

        Topics = views.ToImmutable();
    }

    /// <summary>The topics that have a view.</summary>
    public ImmutableArray<string> Topics { get; }

    /// <summary>Runs a statement.</summary>
    /// <exception cref="DuckDBException">It is wrong, or fails.</exception>
    public void Execute(string sql) => Run(sql, static command => command.ExecuteNonQuery());

    /// <summary>The columns of a query and their types.</summary>
    public ImmutableArray<(string Name, string Type)> Describe(string query) => Run($"DESCRIBE {query}", static command =>
    {
        using var reader = command.ExecuteReader();
        var columns = ImmutableArray.CreateBuilder<(string, string)>();
        while (reader.Read())
        {
            columns.Add((reader.GetString(0), reader.GetString(1)));
        }

        return columns.ToImmutable();
    });

    /// <summary>The first row of a query of whole numbers; null is null.</summary>
    public long?[] Row(string query) => Run(query, static command =>
    {
        using var reader = command.ExecuteReader();
        reader.Read();
        return Enumerable.Range(0, reader.FieldCount)
            .Select(i => reader.IsDBNull(i) ? (long?)null : Convert.ToInt64(reader.GetValue(i), CultureInfo.InvariantCulture))
            .ToArray();
    });

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    private T Run<T>(string sql, Func<DuckDBCommand, T> run)
    {
        _cancellation.ThrowIfCancellationRequested();
        using var command = _connection.CreateCommand();
        command.CommandText = sql;
        using var cancelling = _cancellation.Register(command.Cancel);
        try
        {
            return run(command);
        }
        catch (DuckDBException) when (_cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(_cancellation);
        }
    }
}
