using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Streaming.Offline.Backfill;
using Streaming.Offline.Parquet;

namespace Streaming.Benchmarks;

/// <summary>
/// The handbook's twelve features for every transaction, Parquet to Parquet, in several passes of one process; and the checksum that
/// the peers print, over what was written.
/// </summary>
internal static class BackfillBenchmark
{
    private static readonly ImmutableArray<string> s_checked =
    [
        .. from view in new[] { ("card_activity", "amount_avg"), ("terminal_risk", "risk") }
           from window in new[] { "1d", "7d", "30d" }
           from feature in new[] { "tx_count", view.Item2 }
           select $"{view.Item1}.{feature}_{window}",
    ];

    public static async Task<int> RunAsync(int passes)
    {
        var output = Path.Combine(Path.GetTempPath(), $"streaming-backfill-{Environment.ProcessId}.parquet");
        try
        {
            for (var pass = 1; pass <= passes; pass++)
            {
                var watch = Stopwatch.StartNew();
                var cpu = Environment.CpuUsage.TotalTime;
                var result = await new BackfillJob(Options(output)).RunAsync(null, CancellationToken.None);
                var seconds = watch.Elapsed.TotalSeconds;
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"RESULT backfill pass={pass} rows={result.Rows} seconds={seconds:F3} rows_per_s={result.Rows / seconds:F0} cpu_seconds={(Environment.CpuUsage.TotalTime - cpu).TotalSeconds:F2}"));
            }

            var checksum = ChecksumOf(output);
            Console.WriteLine($"checksum={checksum:x} {(checksum == Handbook.Checksum ? "as the peers'" : $"but the peers' is {Handbook.Checksum:x}")}");
            return checksum == Handbook.Checksum ? 0 : 1;
        }
        finally
        {
            File.Delete(output);
        }
    }

    private static BackfillOptions Options(string output) => new()
    {
        Catalog = Handbook.Catalog(),
        Service = "handbook",
        Inputs = [new BackfillInput(null, Handbook.TransactionsFile)],
        Map = ColumnMap.Parse("card_id=customer_id,event_id=transaction_id"),
        Output = output,
    };

    // The formula is shared/peers/flink/README.md's.
    private static ulong ChecksumOf(string file)
    {
        using var table = TableFile.Open(file);
        var sum = 0UL;
        for (var group = 0; group < table.RowGroupCount; group++)
        {
            using var open = table.OpenRowGroup(group);
            var ids = new long[open.Rows];
            _ = open.TryReadIntegers(0, ids);
            var columns = s_checked.Select(name =>
            {
                var values = new double[ids.Length];
                open.ReadNumbers(table.Columns.IndexOf(name), values);
                return values;
            }).ToArray();
            for (var row = 0; row < ids.Length; row++)
            {
                sum += Hash((ulong)ids[row], columns, row);
            }
        }

        return sum;
    }

    private static ulong Hash(ulong hash, double[][] columns, int row)
    {
        for (var i = 0; i < columns.Length; i++)
        {
            var value = i % 2 == 0 ? columns[i][row] : Math.Floor((columns[i][row] * 10000) + 0.3141592);
            hash = (hash * 0x9E3779B97F4A7C15) + (ulong)value;
        }

        return hash ^ (hash >> 32);
    }
}
