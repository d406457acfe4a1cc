using System.Diagnostics;
using Streaming.Log.Conformance;
using Streaming.Log.Embedded;

namespace Streaming.Log.Tests.Embedded;

/// <summary>A disk without space, on a file system of a few kilobytes; mounting one needs root.</summary>
public sealed class FullDiskSpec : IDisposable
{
    private const int Fillings = 400;
    private static readonly TopicPartition s_partition = new("t", 0);
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-full-").FullName;
    private bool _isMounted;

    private static CancellationToken Bounded => new CancellationTokenSource(Batches.Bound).Token;

    public void Dispose()
    {
        if (_isMounted)
        {
            Run("umount", "-l", _folder);
        }

        Directory.Delete(_folder, recursive: true);
    }

    [SkippableTheory]
    [InlineData(4)]
    [InlineData(24)]
    [InlineData(48)]
    [InlineData(96)]
    public async Task A_full_disk_at_the_start_is_said_and_free_space_fix_it(int kibibytes)
    {
        Mount(kibibytes);
        var settings = new EmbeddedLogSettings(Path.Combine(_folder, "events.db"));
        await RequireNoSpaceAsync(async () =>
        {
            await using var log = EmbeddedEventLog.Open(settings);
            await log.CreateTopicAsync("t", 1, Bounded);
            await FillAsync(log);
        });
        Run("mount", "-o", "remount,size=64m", _folder);
        await using var again = EmbeddedEventLog.Open(settings);
        await again.CreateTopicAsync("t", 1, Bounded);
        await again.AppendAsync(s_partition, Batches.Numbered(0, 1), Bounded);
    }

    [SkippableFact]
    public async Task A_disk_that_fills_up_refuses_appends_and_loses_none_that_it_took()
    {
        Mount(1024);
        await using var log = EmbeddedEventLog.Open(new EmbeddedLogSettings(Path.Combine(_folder, "events.db")));
        await log.CreateTopicAsync("t", 1, Bounded);
        await RequireNoSpaceAsync(() => FillAsync(log));
        var end = await log.EndOffsetAsync(s_partition, Bounded);
        Run("mount", "-o", "remount,size=64m", _folder);
        await log.AppendAsync(s_partition, Batches.Numbered(0, 1), Bounded);
        Assert.Equal(end + 1, await log.EndOffsetAsync(s_partition, Bounded));
    }

    [Fact]
    public void A_full_disk_is_an_outage() => Assert.True(SqliteFailure.Of(SQLitePCL.raw.SQLITE_FULL, "full", "f", "appending").Retriable);

    [Fact]
    public void A_disk_that_is_full_under_another_code_is_said_rightly()
    {
        const int SharedMemorySize = 4874; // SQLITE_IOERR_SHMSIZE
        var failure = SqliteFailure.Of(SharedMemorySize, "disk I/O error", "f", "opening", systemError: 28);
        Assert.True(failure.Retriable);
        Assert.Contains("no space left", failure.Message, StringComparison.Ordinal);
    }

    private static async Task FillAsync(EmbeddedEventLog log)
    {
        var record = new RecordBatch();
        record.Add(0, Batches.Epoch, "k"u8, new byte[64 << 10]);
        for (var i = 0; i < Fillings; i++)
        {
            await log.AppendAsync(s_partition, record, Bounded);
        }
    }

    private static async Task RequireNoSpaceAsync(Func<Task> call)
    {
        var failure = await Assert.ThrowsAsync<EventLogException>(call);
        Assert.True(failure.Retriable, failure.Message);
        Assert.Contains("no space left", failure.Message, StringComparison.Ordinal);
    }

    private void Mount(int kibibytes)
    {
        _isMounted = OperatingSystem.IsLinux() && Environment.UserName == "root" && Run("mount", "-t", "tmpfs", "-o", $"size={kibibytes}k", "streaming-test", _folder) == 0;
        Skip.IfNot(_isMounted, "a file system of a few kilobytes can be mounted by root on Linux only");
    }

    private static int Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
