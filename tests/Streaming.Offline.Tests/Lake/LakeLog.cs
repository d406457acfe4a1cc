using System.Collections.Immutable;
using System.Text;
using Avro;
using DuckDB.NET.Data;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Events;
using Streaming.Contracts.Registry;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;
using Streaming.Ingest;
using Streaming.Log;
using Streaming.Log.Embedded;
using Streaming.Offline.Lake;

namespace Streaming.Offline.Tests.Lake;

/// <summary>A log of a few events, and the lake that is made of it, as DuckDB sees it.</summary>
internal sealed class LakeLog : IAsyncDisposable
{
    public const long Day = 86_400_000;
    public const long Start = 20_000 * Day;
    private readonly TempFolder _folder = new();
    private readonly ShippedSchemas _schemas;

    public LakeLog()
    {
        Log = EmbeddedEventLog.Open(new EmbeddedLogSettings(_folder["log.db"]));
        Registry = new EmbeddedSchemaRegistry(_folder["registry"]);
        _schemas = new ShippedSchemas(Registry);
    }

    public EmbeddedEventLog Log { get; }

    public EmbeddedSchemaRegistry Registry { get; }

    public string Lake => _folder["lake"];

    public string this[string name] => _folder[name];

    public Task AppendAsync<T>(string topic, Func<T, (string Key, EventTime Time)> record, params IEnumerable<T> events)
        where T : class => AppendAsync(topic, each => record(each).Key, events.Select(each => (each, record(each).Time)));

    /// <summary>Appends events with the timestamps that the log is to have of them.</summary>
    public async Task AppendAsync<T>(string topic, Func<T, string> key, IEnumerable<(T Event, EventTime At)> events)
        where T : class
    {
        if (await Log.DescribeTopicAsync(topic, CancellationToken.None) is null)
        {
            await Log.CreateTopicAsync(topic, 2, CancellationToken.None);
        }

        var (writer, id) = (RecordWriter.Compile<T>((RecordSchema)EventSchemas.ByTopic[topic]), await _schemas.RequireAsync(topic, CancellationToken.None));
        var (batch, buffer) = (new RecordBatch(), new AvroBuffer());
        foreach (var (each, at) in events)
        {
            buffer.Clear();
            writer.Write(each, id, buffer);
            batch.Add(0, at.Millis, Encoding.UTF8.GetBytes(key(each)), buffer.Written);
        }

        await Log.AppendAsync(topic, batch, CancellationToken.None);
    }

    public Task AppendAsync(params IEnumerable<Transaction> events) =>
        AppendAsync(EventSchemas.Transactions, static each => (each.CardId, each.Ts), events);

    /// <summary>Transactions over some days.</summary>
    public static ImmutableArray<Transaction> Transactions(int first, int count) =>
    [
        .. Enumerable.Range(first, count).Select(i => new Transaction
        {
            EventId = $"e{i}",
            CardId = $"c{i % 7}",
            TerminalId = $"t{i % 3}",
            Amount = i / 4.0,
            Ts = new EventTime(Start + (i * Day / 11)),
            UserId = i % 2 == 0 ? $"ü{i}" : null,
            Fraud = i % 3 == 0 ? i % 2 == 0 : null,
        }),
    ];

    /// <summary>Writes what no schema describes.</summary>
    public async Task AppendBytesAsync(string topic, int partition, params byte[][] values)
    {
        var batch = new RecordBatch();
        foreach (var value in values)
        {
            batch.Add(0, Start, "k"u8, value);
        }

        await Log.AppendAsync(new TopicPartition(topic, partition), batch, CancellationToken.None);
    }

    public async Task<LakeExportResult> ExportAsync(ILakeFiles? files = null, string topic = EventSchemas.Transactions, int batch = 1_000, List<string>? told = null)
    {
        var options = new LakeExportOptions { Folder = Lake, Topic = topic, BatchRecords = batch };
        using var export = new LakeExport(options, Log, Registry, files ?? new DiskFiles());
        export.Undecodable += line => told?.Add(line);
        return await export.RunAsync(null, CancellationToken.None);
    }

    /// <summary>The rows of a query; <c>$lake</c> stands for the glob that a user writes.</summary>
    public List<string> Query(string sql, string topic = EventSchemas.Transactions)
    {
        using var connection = new DuckDBConnection("Data Source=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"SET TimeZone = 'UTC'; {sql}".Replace("$lake", $"read_parquet('{Lake}/{topic}/**/*.parquet', hive_partitioning = true)", StringComparison.Ordinal);
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "null" : Convert.ToString(reader.GetValue(i), System.Globalization.CultureInfo.InvariantCulture))));
        }

        return rows;
    }

    /// <summary>The places of all rows that the lake has, those that are there twice as well.</summary>
    public List<string> Places() => Directory.Exists(Path.Combine(Lake, EventSchemas.Transactions))
        && Directory.EnumerateFiles(Path.Combine(Lake, EventSchemas.Transactions), "*.parquet", SearchOption.AllDirectories).Any()
            ? Query("SELECT log_partition, log_offset, event_id FROM $lake ORDER BY ALL")
            : [];

    public async ValueTask DisposeAsync()
    {
        await Log.DisposeAsync();
        _folder.Dispose();
    }
}
