using System.Diagnostics;
using Streaming.Persistence.Redis.Embedded;
using Streaming.Persistence.Redis.Slots;

namespace Streaming.Persistence.Redis.Tests.Embedded;

/// <summary>The embedded server on a disk that fills up, a file system of its own; mounting one needs root.</summary>
public sealed class FullDiskSpec : IDisposable
{
    private static readonly SlotAddress s_address = new(1, "card", 0);
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-full-").FullName;
    private FileStream? _filler;
    private bool _isMounted;

    private static CancellationToken Bounded => new CancellationTokenSource(TimeSpan.FromSeconds(90)).Token;

    private EmbeddedRedisSettings Settings => new(Path.Combine(_folder, "redis")) { CheckpointInterval = TimeSpan.FromSeconds(1) };

    public void Dispose()
    {
        _filler?.Dispose();
        if (_isMounted)
        {
            Run("umount", "-l", _folder);
        }

        Directory.Delete(_folder, recursive: true);
    }

    // The less is left, the sooner the log of writes fails; with more, a checkpoint fails before it.
    [SkippableTheory]
    [InlineData(0)]
    [InlineData(100_000)]
    [InlineData(6_000_000)]
    public async Task When_the_disk_is_full_it_says_so_and_begins_again_with_all_that_it_answered(int left)
    {
        Mount();
        int last;
        await using (var server = await EmbeddedRedis.StartAsync(Settings, Bounded))
        {
            await using var connection = await server.ConnectAsync(server.Connection, Bounded);
            var slot = await new RedisShardSlots(connection).TakeAsync(s_address, Guid.NewGuid(), Bounded);
            await slot.WriteAsync(Entry(0), Bounded);
            Fill(left);
            var (answered, outage) = await WriteUntilRefusedAsync(slot, 1);
            Assert.True(outage.Retriable, outage.Message);
            Assert.StartsWith($"No space is left on the disk of the embedded Redis ({server.DataDirectory})", outage.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', outage.Message);

            // Now it has ended, and says the same.
            Assert.Equal(outage.Message, (await Assert.ThrowsAsync<SlotStoreException>(() => slot.LoadAsync("k0", Bounded))).Message);
            _filler!.Dispose();
            await Eventually.TrueAsync("the slot writes again", () => TryAsync(() => slot.WriteAsync(Entry(answered), Bounded)), () => $"{Directory.GetFiles(_folder).Length} files");
            await AssertHoldsAsync(slot, answered);
            last = answered;
        }

        await using var again = await EmbeddedRedis.StartAsync(Settings, Bounded);
        await using var connectionAgain = await again.ConnectAsync(again.Connection, Bounded);
        await AssertHoldsAsync(await new RedisShardSlots(connectionAgain).TakeAsync(s_address, Guid.NewGuid(), Bounded), last);
    }

    [SkippableFact]
    public async Task It_can_be_stopped_while_the_disk_is_full()
    {
        Mount();
        int answered;
        await using (var server = await EmbeddedRedis.StartAsync(Settings, Bounded))
        {
            await using var connection = await server.ConnectAsync(server.Connection, Bounded);
            var slot = await new RedisShardSlots(connection).TakeAsync(s_address, Guid.NewGuid(), Bounded);
            await slot.WriteAsync(Entry(0), Bounded);
            Fill(left: 10_000);
            (answered, _) = await WriteUntilRefusedAsync(slot, 1);
        }

        _filler!.Dispose();
        await using var again = await EmbeddedRedis.StartAsync(Settings, Bounded);
        await using var connectionAgain = await again.ConnectAsync(again.Connection, Bounded);
        await AssertHoldsAsync(await new RedisShardSlots(connectionAgain).TakeAsync(s_address, Guid.NewGuid(), Bounded), answered - 1);
    }

    private static SlotEntry[] Entry(int number) => [new($"k{number}", (byte[])[.. BitConverter.GetBytes(number), .. new byte[2_000]])];

    /// <summary>Writes entries from a number on; returns the first that was not answered.</summary>
    private static async Task<(int Refused, SlotStoreException Outage)> WriteUntilRefusedAsync(IShardSlot slot, int from)
    {
        for (var number = from; ; number++)
        {
            try
            {
                await slot.WriteAsync(Entry(number), Bounded);
            }
            catch (SlotStoreException outage)
            {
                return (number, outage);
            }
        }
    }

    private static async Task AssertHoldsAsync(IShardSlot slot, int last)
    {
        for (var number = 0; number <= last; number++)
        {
            Assert.Equal(number, BitConverter.ToInt32((await slot.LoadAsync($"k{number}", Bounded))!.Value.Span));
        }
    }

    private static async Task<bool> TryAsync(Func<Task> call)
    {
        try
        {
            await call();
            return true;
        }
        catch (SlotStoreException e) when (e.Retriable)
        {
            return false;
        }
    }

    private void Mount()
    {
        _isMounted = OperatingSystem.IsLinux() && Environment.UserName == "root" && Run("mount", "-t", "tmpfs", "-o", "size=200m", "streaming-test", _folder) == 0;
        Skip.IfNot(_isMounted, "a file system of some megabytes can be mounted by root on Linux only");
    }

    private void Fill(int left)
    {
        _filler = new FileStream(Path.Combine(_folder, "filler"), FileMode.Create, FileAccess.Write, FileShare.None, 0, FileOptions.DeleteOnClose);
        foreach (var size in (int[])[1 << 20, 4096, 1])
        {
            try
            {
                for (var block = new byte[size]; ;)
                {
                    _filler.Write(block);
                }
            }
            catch (IOException)
            {
                // Nothing of this size fits any more.
            }
        }

        _filler.SetLength(_filler.Length - left);
    }

    private static int Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode;
    }
}
