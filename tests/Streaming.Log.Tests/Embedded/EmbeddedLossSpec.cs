using Streaming.Log.Embedded;

namespace Streaming.Log.Tests.Embedded;

/// <summary>What is lost is said, and what is left of it is kept: accepting a loss hides none.</summary>
public sealed class EmbeddedLossSpec
{
    [Theory]
    [InlineData("missing")]
    [InlineData("empty")]
    public async Task A_log_whose_tables_were_in_a_write_ahead_log_that_is_gone_is_no_whole_log(string wal)
    {
        using var log = await DamagedLog.MakeAsync(isKilled: true);
        Harm(log.File + "-wal", wal);
        var (database, ends) = (File.ReadAllBytes(log.File), File.ReadAllBytes(log.File + "-ends"));
        Assert.Contains("its write-ahead log is gone", Assert.Single(EmbeddedLogRepair.Check(log.Settings)), StringComparison.Ordinal);

        var told = EmbeddedLogRepair.AcceptLoss(log.Settings);
        Assert.Contains(told, line => line.Contains("30 records were acknowledged", StringComparison.Ordinal));
        Assert.Contains(told, line => line.Contains("offsets begin at 0", StringComparison.Ordinal));
        Assert.Equal(database, await File.ReadAllBytesAsync(log.File + ".lost-1"));
        Assert.Equal(ends, await File.ReadAllBytesAsync(log.File + "-ends.lost-1"));
        await using (var anew = EmbeddedEventLog.Open(log.Settings))
        {
            await anew.CreateTopicAsync("t", 1, CancellationToken.None);
        }

        Assert.Empty(EmbeddedLogRepair.AcceptLoss(log.Settings));
    }

    [Fact]
    public async Task Files_that_are_put_aside_have_one_number_and_replace_none_of_an_earlier_loss()
    {
        using var log = await DamagedLog.MakeAsync(isKilled: true);
        File.Delete(log.File + "-wal");
        await File.WriteAllTextAsync(log.File + "-ends.lost-1", "earlier");
        EmbeddedLogRepair.AcceptLoss(log.Settings);
        Assert.Equal("earlier", await File.ReadAllTextAsync(log.File + "-ends.lost-1"));
        Assert.True(File.Exists(log.File + ".lost-2"));
        Assert.True(File.Exists(log.File + "-ends.lost-2"));
    }

    [Fact]
    public async Task A_loss_of_unknown_size_is_said_too()
    {
        using var log = await DamagedLog.MakeAsync(isKilled: true);
        File.Delete(log.File);
        File.Delete(log.File + "-ends");
        Assert.Contains(EmbeddedLogRepair.AcceptLoss(log.Settings), line => line.Contains("is not known", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("half")]
    [InlineData("no database")]
    public async Task A_database_that_cannot_be_read_is_a_fault_that_is_listed_and_is_not_touched(string how)
    {
        using var log = await DamagedLog.MakeAsync();
        Harm(log.File, how);
        var before = log.Files();
        var fault = Assert.Single(EmbeddedLogRepair.Check(log.Settings));
        Assert.DoesNotContain("log check", fault, StringComparison.Ordinal);
        var failure = Assert.Throws<EventLogException>(() => EmbeddedLogRepair.AcceptLoss(log.Settings));
        Assert.Contains("cannot be repaired", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("accept-loss", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, log.Files());
    }

    private static void Harm(string file, string how)
    {
        var bytes = File.ReadAllBytes(file);
        switch (how)
        {
            case "missing":
                File.Delete(file);
                break;
            case "empty":
                File.WriteAllBytes(file, []);
                break;
            case "half":
                File.WriteAllBytes(file, bytes[..(bytes.Length / 2)]);
                break;
            default:
                File.WriteAllBytes(file, [.. bytes.Select(one => (byte)~one)]);
                break;
        }
    }
}
