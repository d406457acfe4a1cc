using Streaming.Contracts.Schemas;
using Streaming.Offline.Lake;

namespace Streaming.Offline.Tests.Lake;

/// <summary>A process that dies at any step of an export or a compaction neither loses a row nor doubles one.</summary>
public sealed class LakeCrashSpec
{
    private const int Events = 24;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_crash_at_any_step_of_an_export_is_made_good_by_the_next(bool after)
    {
        var crashes = 0;
        for (var step = 1; ; step++)
        {
            await using var log = new LakeLog();
            await log.AppendAsync(LakeLog.Transactions(0, Events / 2));
            await log.AppendBytesAsync(EventSchemas.Transactions, 0, [7]);
            await log.AppendAsync(LakeLog.Transactions(Events / 2, Events / 2));
            var crashed = await CrashesAsync(() => log.ExportAsync(new FaultyFiles(step, after), batch: 9));
            Assert.Equal(log.Places().Distinct(), log.Places());
            await log.ExportAsync(batch: 9);
            AssertWhole(log);
            Assert.Equal(1, Assert.Single(LakeStatus.Of(log.Lake)).Undecodable);
            if (!crashed)
            {
                break;
            }

            crashes++;
        }

        Assert.True(crashes > 20, $"{crashes} steps");
    }

    [Fact]
    public async Task A_crash_while_a_crash_is_made_good_is_made_good()
    {
        await using var log = new LakeLog();
        await log.AppendAsync(LakeLog.Transactions(0, Events));
        for (var step = 1; await CrashesAsync(() => log.ExportAsync(new FaultyFiles(step, after: step % 2 == 0), batch: 9)); step++)
        {
            Assert.Equal(log.Places().Distinct(), log.Places());
        }

        AssertWhole(log);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_crash_at_any_step_of_a_compaction_shows_readers_each_row_once(bool after)
    {
        var crashes = 0;
        for (var step = 1; ; step++)
        {
            await using var log = new LakeLog();
            await log.AppendAsync(LakeLog.Transactions(0, Events));
            await log.ExportAsync(batch: 4);
            var before = log.Places();
            var crashed = await CrashesAsync(() => CompactAsync(log, new FaultyFiles(step, after)));
            Assert.Equal(before, log.Places());
            await CompactAsync(log, new DiskFiles());
            Assert.Equal(before, log.Places());
            AssertWhole(log);
            if (!crashed)
            {
                break;
            }

            crashes++;
        }

        Assert.True(crashes > 10, $"{crashes} steps");
    }

    [Fact]
    public async Task Compaction_leaves_one_file_a_day_and_partition_with_the_same_rows_in_order()
    {
        await using var log = new LakeLog();
        await log.AppendAsync(LakeLog.Transactions(0, Events));
        await log.ExportAsync(batch: 3);
        var before = log.Query("SELECT * EXCLUDE (day) FROM $lake ORDER BY log_partition, log_offset");
        var (files, merged) = await LakeCompaction.RunAsync(log.Lake, EventSchemas.Transactions);
        Assert.True(merged < files, $"{files} {merged}");
        Assert.Equal(log.Query("SELECT count(DISTINCT (day, log_partition)) FROM $lake"), [merged.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        Assert.Equal(before, log.Query("SELECT * EXCLUDE (day) FROM $lake ORDER BY log_partition, log_offset"));
        Assert.Equal(["TIMESTAMP_MILLIS"], log.Query($"SELECT DISTINCT converted_type FROM parquet_schema('{log.Lake}/**/*.parquet') WHERE name = 'ts'"));
        await log.AppendAsync(LakeLog.Transactions(Events, 5));
        Assert.Equal(5, (await log.ExportAsync()).Rows);
    }

    private static async Task CompactAsync(LakeLog log, ILakeFiles files)
    {
        using var folder = LakeFolder.Open(log.Lake, EventSchemas.Transactions, files);
        await new LakeCompaction(folder, log.Lake, LakeCompaction.TargetBytesDefault).RunAsync(2, CancellationToken.None);
    }

    private static async Task<bool> CrashesAsync(Func<Task> work)
    {
        try
        {
            await work();
            return false;
        }
        catch (CrashException)
        {
            return true;
        }
    }

    private static void AssertWhole(LakeLog log)
    {
        Assert.Equal(
            Enumerable.Range(0, Events).Select(i => $"e{i}").Order(StringComparer.Ordinal),
            log.Places().Select(place => place.Split('|')[2]).Order(StringComparer.Ordinal));
        Assert.Empty(Directory.GetFiles(Path.Combine(log.Lake, "_lake"), "*.intent", SearchOption.AllDirectories));
        Assert.Equal(["lease", "origin"], Directory.GetFiles(Path.Combine(log.Lake, "_lake", "transactions")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }
}
