using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;
using Streaming.Persistence.Redis.Connection;
using Streaming.Persistence.Redis.Embedded;
using Streaming.Persistence.Redis.Slots;
using Streaming.Persistence.Redis.Tests.Servers;

namespace Streaming.Persistence.Redis.Tests.Embedded;

/// <summary>The embedded server's files, password and recovery.</summary>
public sealed class EmbeddedRedisSpec : IDisposable
{
    private static readonly SlotAddress s_address = new(1, "card", 0);
    private readonly TempFolder _folder = new();

    private static CancellationToken Bounded => new CancellationTokenSource(TimeSpan.FromSeconds(90)).Token;

    private EmbeddedRedisSettings Settings => new(_folder["redis"]) { MemoryBytes = 64 << 20 };

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_written_is_there_after_a_stop_and_a_start()
    {
        await using (var server = await EmbeddedRedis.StartAsync(Settings, Bounded))
        {
            await FillAsync(server.Connection, 1_000, round: 1);
        }

        await using var again = await EmbeddedRedis.StartAsync(Settings, Bounded);
        await AssertHoldsAsync(again.Connection, 1_000, round: 1);
    }

    /// <summary>A checkpoint, then more: both parts are recovered.</summary>
    [Fact]
    public async Task What_was_written_before_and_after_a_checkpoint_is_there()
    {
        await using (var server = await EmbeddedRedis.StartAsync(Settings, Bounded))
        {
            await FillAsync(server.Connection, 1_000, round: 1);
            await using (var client = await ConnectionMultiplexer.ConnectAsync(Admin(server.Connection)))
            {
                await client.GetDatabase().ExecuteAsync("SAVE");
            }

            await FillAsync(server.Connection, 500, round: 2);
        }

        await using var again = await EmbeddedRedis.StartAsync(Settings, Bounded);
        await AssertHoldsAsync(again.Connection, 500, round: 2);
        Assert.Equal("1-999", await ReadAsync(again.Connection, "k999"));
    }

    [Fact]
    public async Task What_was_answered_is_there_after_kill_9()
    {
        var port = RedisServer.FreePort();
        for (var round = 1; round <= 3; round++)
        {
            using var child = await StartChildAsync(port);
            var connection = new RedisSettings($"127.0.0.1:{port}") { Password = await File.ReadAllTextAsync(Path.Combine(Settings.Directory, "password")) };
            if (round > 1)
            {
                await AssertHoldsAsync(connection, 2_000, round - 1);
            }

            await FillAsync(connection, 2_000, round);
            child.Kill();
            await child.WaitForExitAsync(Bounded);
        }

        await using var server = await EmbeddedRedis.StartAsync(Settings, Bounded);
        await AssertHoldsAsync(server.Connection, 2_000, round: 3);
    }

    [Fact]
    public async Task It_asks_for_its_password_and_keeps_it_and_its_files_to_its_owner()
    {
        await using var server = await EmbeddedRedis.StartAsync(Settings, Bounded);
        await using var connection = await RedisConnection.OpenAsync(server.Connection with { Password = "wrong" }, Bounded);
        var refusal = await Assert.ThrowsAsync<SlotStoreException>(() => new RedisShardSlots(connection).ReadAsync(s_address, "k", Bounded));
        Assert.Contains("127.0.0.1", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(64, server.Connection.Password!.Length);
        Assert.DoesNotContain(server.Connection.Password, server.Connection.ToString(), StringComparison.Ordinal);
        Skip.If(OperatingSystem.IsWindows(), "Windows has no modes.");
        Assert.Equal("700", Mode(Settings.Directory));
        Assert.All(Directory.GetFiles(Settings.Directory, "*", SearchOption.AllDirectories), file => Assert.Equal("600", Mode(file)));
    }

    [Fact]
    public async Task A_directory_is_for_one_server_at_a_time()
    {
        await using var server = await EmbeddedRedis.StartAsync(Settings, Bounded);
        var refusal = await Assert.ThrowsAsync<SlotStoreException>(() => EmbeddedRedis.StartAsync(Settings, Bounded));
        Assert.Contains("streaming.redis.embedded.directory", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        await using var server = await EmbeddedRedis.StartAsync(Settings, Bounded);
        var second = new EmbeddedRedisSettings(_folder["other"]) { Port = server.Port };
        var refusal = await Assert.ThrowsAsync<SlotStoreException>(() => EmbeddedRedis.StartAsync(second, Bounded));
        Assert.Contains($"127.0.0.1:{server.Port}", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>More than its memory: what does not fit lies on the disk, and is found.</summary>
    [Fact]
    public async Task Data_beyond_the_memory_are_found_on_the_disk()
    {
        await using var server = await EmbeddedRedis.StartAsync(Settings with { MemoryBytes = 1 << 25 }, Bounded);
        await using var connection = await RedisConnection.OpenAsync(server.Connection, Bounded);
        var slots = new RedisShardSlots(connection);
        var bytes = new byte[1_000];
        for (var shard = 0; shard < 64; shard++)
        {
            var slot = await slots.TakeAsync(new(1, "card", shard), Guid.NewGuid(), Bounded);
            Array.Fill(bytes, (byte)shard);
            await slot.WriteAsync(Enumerable.Range(0, 2_000).Select(i => new SlotEntry($"k{i}", bytes)).ToArray(), Bounded);
        }

        for (var shard = 0; shard < 64; shard++)
        {
            Assert.Equal((byte)shard, (await slots.ReadAsync(new(1, "card", shard), "k1999", Bounded))!.Value.Span[999]);
        }
    }

    /// <summary>A start reads the whole log of writes: it is cut long before the interval is over, and gives its space back.</summary>
    [Fact]
    public async Task A_log_that_is_longer_than_it_may_be_is_cut()
    {
        const long Limit = 1 << 25;
        var settings = Settings with { LogBytesMax = Limit };
        await using (var server = await EmbeddedRedis.StartAsync(settings, Bounded))
        {
            await using var connection = await RedisConnection.OpenAsync(server.Connection, Bounded);
            var slot = await new RedisShardSlots(connection).TakeAsync(s_address, Guid.NewGuid(), Bounded);
            for (var round = 1; round <= 100; round++)
            {
                var bytes = new byte[1_000];
                Array.Fill(bytes, (byte)round);
                await slot.WriteAsync(Enumerable.Range(0, 2_000).Select(i => new SlotEntry($"k{i}", bytes)).ToArray(), Bounded);
            }

            await Eventually.TrueAsync("the log is cut", () => LogBytes() < 2 * Limit, () => $"{LogBytes():N0} bytes");
        }

        await using var again = await EmbeddedRedis.StartAsync(settings, Bounded);
        await using var reader = await RedisConnection.OpenAsync(again.Connection, Bounded);
        Assert.Equal(100, (await new RedisShardSlots(reader).ReadAsync(s_address, "k1999", Bounded))!.Value.Span[999]);
    }

    private long LogBytes() =>
        new DirectoryInfo(Path.Combine(Settings.Directory, "AOF")).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    private static string Admin(RedisSettings settings) => $"{settings.Connection},password={settings.Password},allowAdmin=true,syncTimeout=30000,asyncTimeout=30000";

    private static async Task FillAsync(RedisSettings settings, int count, int round)
    {
        await using var connection = await RedisConnection.OpenAsync(settings, Bounded);
        var slot = await new RedisShardSlots(connection).TakeAsync(s_address, Guid.NewGuid(), Bounded);
        await slot.WriteAsync(
            Enumerable.Range(0, count).Select(i => new SlotEntry($"k{i}", System.Text.Encoding.UTF8.GetBytes($"{round}-{i}"))).ToArray(), Bounded);
        await slot.WriteManifestAsync(new[] { (byte)round }, Bounded);
    }

    private static async Task AssertHoldsAsync(RedisSettings settings, int count, int round)
    {
        await using var connection = await RedisConnection.OpenAsync(settings, Bounded);
        var slots = new RedisShardSlots(connection);
        Assert.Equal(round, (await slots.ReadManifestAsync(s_address, Bounded))!.Value.Span[0]);
        for (var i = 0; i < count; i += 97)
        {
            Assert.Equal($"{round}-{i}", await ReadAsync(settings, $"k{i}"));
        }
    }

    private static async Task<string> ReadAsync(RedisSettings settings, string key)
    {
        await using var connection = await RedisConnection.OpenAsync(settings, Bounded);
        return System.Text.Encoding.UTF8.GetString((await new RedisShardSlots(connection).ReadAsync(s_address, key, Bounded))!.Value.Span);
    }

    private static string Mode(string path) => OperatingSystem.IsWindows() ? "" : Convert.ToString((int)File.GetUnixFileMode(path), 8);

    private async Task<Process> StartChildAsync(int port)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(GarnetChild).Assembly.Location, Settings.Directory, port.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var child = Process.Start(start)!;
        while (await child.StandardOutput.ReadLineAsync(Bounded) is { } line && line != "ready")
        {
            // Garnet's banner.
        }

        return child;
    }
}
