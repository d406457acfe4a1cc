using System.Text;
using Streaming.Contracts.Codecs;
using Streaming.Contracts.Events;
using Streaming.Contracts.Schemas;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Log;
using Streaming.Offline.Parquet;

namespace Streaming.Benchmarks;

/// <summary>The Fraud Detection Handbook's transactions and features, which the peers work on too.</summary>
internal static class Handbook
{
    public const int Rows = 1_754_155;

    /// <summary>What every peer's checksum over all rows is.</summary>
    public const ulong Checksum = 0x5a6d6b91d6a7beaf;

    private const int RecordsPerAppend = 8192;

    /// <summary>The file: HANDBOOK, or where the shared folder lies beside the checkout.</summary>
    public static string TransactionsFile => Environment.GetEnvironmentVariable("HANDBOOK") ?? FindUp("shared/data/handbook/transactions.parquet");

    /// <summary>A file or folder by its path from some folder above this program.</summary>
    public static string FindUp(string path)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, path);
            if (Path.Exists(candidate))
            {
                return candidate;
            }
        }

        throw new FileNotFoundException($"there is no {path} in a folder above {AppContext.BaseDirectory}; set HANDBOOK to the handbook's transactions.parquet");
    }

    /// <summary>The project's own definitions, compiled; only what the service of twelve window features reads.</summary>
    public static FeatureCatalog Catalog()
    {
        var folder = FindUp("schemas/features");
        var files = Directory.GetFiles(folder, "*.conf").Order().Select(file => (file, File.ReadAllText(file))).ToArray();
        var (catalog, diagnostics) = FeatureCatalog.Compile(files, [.. EventSchemas.Sources.Values]);
        return catalog?.For(catalog.FindService("handbook")!) ?? throw new InvalidDataException(string.Join(Environment.NewLine, diagnostics));
    }

    /// <summary>Appends all transactions, keyed by customer, with their event time as the record's timestamp.</summary>
    public static async Task AppendAsync(IEventLog log, int schemaId)
    {
        var writer = RecordWriter.Compile<Transaction>(EventSchemas.Transaction);
        var value = new AvroBuffer();
        var records = new RecordBatch();
        using var table = TableFile.Open(TransactionsFile);
        for (var group = 0; group < table.RowGroupCount; group++)
        {
            var columns = new TransactionColumns(table, group);
            for (var row = 0; row < columns.Rows; row++)
            {
                value.Clear();
                writer.Write(columns[row], schemaId, value);
                records.Add(0, columns.Times[row], Encoding.UTF8.GetBytes(columns[row].CardId), value.Written);
                if (records.Count == RecordsPerAppend)
                {
                    await log.AppendAsync(EventSchemas.Transactions, records, CancellationToken.None);
                    records.Clear();
                }
            }
        }

        if (records.Count > 0)
        {
            await log.AppendAsync(EventSchemas.Transactions, records, CancellationToken.None);
        }
    }

    private sealed class TransactionColumns
    {
        private readonly long[] _ids;
        private readonly long[] _customers;
        private readonly long[] _terminals;
        private readonly double[] _amounts;
        private readonly double[] _frauds;

        public TransactionColumns(TableFile table, int group)
        {
            using var open = table.OpenRowGroup(group);
            Rows = open.Rows;
            (_ids, _customers, _terminals, Times) = (new long[Rows], new long[Rows], new long[Rows], new long[Rows]);
            (_amounts, _frauds) = (new double[Rows], new double[Rows]);
            _ = open.TryReadIntegers(table.Columns.IndexOf("transaction_id"), _ids);
            _ = open.TryReadIntegers(table.Columns.IndexOf("customer_id"), _customers);
            _ = open.TryReadIntegers(table.Columns.IndexOf("terminal_id"), _terminals);
            open.ReadTimes(table.Columns.IndexOf("ts"), Times);
            open.ReadNumbers(table.Columns.IndexOf("amount"), _amounts);
            open.ReadFlags(table.Columns.IndexOf("fraud"), _frauds);
        }

        public int Rows { get; }

        public long[] Times { get; }

        public Transaction this[int row] => new()
        {
            EventId = _ids[row].ToString(System.Globalization.CultureInfo.InvariantCulture),
            CardId = _customers[row].ToString(System.Globalization.CultureInfo.InvariantCulture),
            TerminalId = _terminals[row].ToString(System.Globalization.CultureInfo.InvariantCulture),
            Amount = _amounts[row],
            Currency = "EUR",
            Ts = new EventTime(Times[row]),
            Fraud = _frauds[row] == 1,
        };
    }
}
