using Streaming.Cli.Shell;
using Streaming.Log;
using Streaming.Log.Embedded;

namespace Streaming.Cli.Tests;

/// <summary><c>streaming log check</c> and <c>accept-loss</c> on logs that lost something.</summary>
public sealed class LogSpec
{
    [Fact]
    public async Task A_log_that_lost_its_write_ahead_log_is_damaged_and_accepting_that_says_what_is_lost()
    {
        using var cli = new Cli();
        await LeaveKilledAsync(cli);
        File.Delete(Path.Combine(cli.Data, "events.db-wal"));

        var check = await cli.RunAsync("log check");
        Assert.Equal(ExitCode.Different, check.Code);
        Assert.DoesNotContain("'streaming log check'", check.Error, StringComparison.Ordinal);
        Assert.Contains("'streaming log accept-loss'", check.Error, StringComparison.Ordinal);
        var accept = await cli.RunAsync("log accept-loss");
        Assert.Equal(ExitCode.Ok, accept.Code);
        Assert.Contains("2 records", accept.Out, StringComparison.Ordinal);
        Assert.Contains("events.db-ends.lost-1", accept.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("nothing was changed", accept.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_was_cut_is_damaged_and_no_advice_goes_round_in_a_circle()
    {
        using var cli = new Cli();
        await LeaveKilledAsync(cli);
        var file = Path.Combine(cli.Data, "events.db");
        EmbeddedLogRepair.Check(new EmbeddedLogSettings(file));
        await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file))[..^8192]);

        var check = await cli.RunAsync("log check");
        Assert.Equal(ExitCode.Different, check.Code);
        Assert.DoesNotContain("'streaming log check'", check.Error, StringComparison.Ordinal);
        var accept = await cli.RunAsync("log accept-loss");
        Assert.Equal(ExitCode.Failed, accept.Code);
        Assert.DoesNotContain("'streaming log", accept.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_size_of_a_log_is_told_for_each_topic()
    {
        using var cli = new Cli();
        Assert.Equal(ExitCode.Failed, (await cli.RunAsync("log size")).Code);
        await LeaveKilledAsync(cli);
        var size = await cli.RunAsync("log size");
        Assert.Equal(ExitCode.Ok, size.Code);
        Assert.Contains("MiB on disk", size.Out, StringComparison.Ordinal);
        Assert.Contains("t: 2 records, 0.0 MiB, from 2023-11-14T22:13:20.000Z on; first offsets 0", size.Out, StringComparison.Ordinal);
    }

    /// <summary>The files of a process that was killed before it copied its write-ahead log into the database.</summary>
    private static async Task LeaveKilledAsync(Cli cli)
    {
        var living = Directory.CreateDirectory(cli.PathOf("living")).FullName;
        await using var log = EmbeddedEventLog.Open(new EmbeddedLogSettings(Path.Combine(living, "events.db")));
        await log.CreateTopicAsync("t", 1, CancellationToken.None);
        var batch = new RecordBatch();
        batch.Add(0, 1_700_000_000_000, "k"u8, "v"u8);
        batch.Add(0, 1_700_000_000_000, "k"u8, "w"u8);
        await log.AppendAsync(new TopicPartition("t", 0), batch, CancellationToken.None);
        Directory.CreateDirectory(cli.Data);
        foreach (var file in Directory.GetFiles(living).Where(file => !file.EndsWith("-shm", StringComparison.Ordinal)))
        {
            File.Copy(file, Path.Combine(cli.Data, Path.GetFileName(file)));
        }
    }
}
