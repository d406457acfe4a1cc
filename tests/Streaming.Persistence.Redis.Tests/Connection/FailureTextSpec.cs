using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;
using Streaming.Persistence.Redis.Connection;
using Streaming.Persistence.Redis.Slots;
using Streaming.Persistence.Redis.Tests.Servers;

namespace Streaming.Persistence.Redis.Tests.Connection;

/// <summary>A server that asks for a password.</summary>
public sealed class PasswordRedisServer : RedisServer
{
    protected override string[] Arguments() => [.. base.Arguments(), "--requirepass", "secret", "--databases", "32"];
}

/// <summary>What an operator reads: one short line with the cause, not the client's state.</summary>
public sealed class FailureTextSpec(PasswordRedisServer server) : IClassFixture<PasswordRedisServer>
{
    private const int LineMax = 300;
    private const string Doing = "reading a snapshot of slot 1.card.0";
    private static readonly TimeSpan s_short = TimeSpan.FromSeconds(1);

    private static CancellationToken Bounded => new CancellationTokenSource(TimeSpan.FromSeconds(60)).Token;

    private RedisSettings Right => new(server.EndPoint) { Password = "secret" };

    [SkippableFact]
    public async Task A_wrong_password_names_the_settings_of_user_and_password()
    {
        Skip.If(server.SkipReason is not null, server.SkipReason);
        await AssertTextAsync(
            Right with { Password = "wrong" },
            $"Redis {server.EndPoint}: {Doing} failed: WRONGPASS: the server refuses the user or the password. " +
            "Look at streaming.redis.user and STREAMING_REDIS_PASSWORD (or streaming.redis.password-file).");
    }

    [SkippableFact]
    public async Task A_missing_password_names_what_sets_it()
    {
        Skip.If(server.SkipReason is not null, server.SkipReason);
        await AssertTextAsync(
            Right with { Password = null },
            $"Redis {server.EndPoint}: {Doing} failed: NOAUTH: the server asks for a password. " +
            "Set STREAMING_REDIS_PASSWORD (or streaming.redis.password-file).");
    }

    [SkippableFact]
    public async Task A_database_that_the_server_has_not_is_named()
    {
        Skip.If(server.SkipReason is not null, server.SkipReason);
        await AssertTextAsync(
            Right with { Database = 99 },
            $"Redis {server.EndPoint}: {Doing} failed: the server has no database 99. " +
            "Set streaming.redis.database below what its setting 'databases' says; a Cluster has 0 only.");
    }

    [SkippableFact]
    public async Task A_server_with_more_than_16_databases_serves_them()
    {
        Skip.If(server.SkipReason is not null, server.SkipReason);
        var (redis, _) = RedisSettingsReader.Read(
            [Hocon.HoconReader.Read("app.conf", $"streaming.redis {{ connection = \"{server.EndPoint}\", database = 20 }}")], _ => null, out var faults);
        Assert.Empty(faults);
        await using var connection = await RedisConnection.OpenAsync(redis with { Password = "secret" }, Bounded);
        await new RedisShardSlots(connection).TakeAsync(new(7, "card", 0), Guid.NewGuid(), Bounded);
        await using var client = await ConnectionMultiplexer.ConnectAsync($"{server.EndPoint},password=secret");
        Assert.True(await client.GetDatabase(20).KeyExistsAsync("streaming:{7.card.0}:fence"));
    }

    [Fact]
    public async Task A_port_where_nothing_listens_is_a_refused_connection()
    {
        var settings = new RedisSettings($"127.0.0.1:{RedisServer.FreePort()}");
        await AssertTextAsync(
            settings,
            $"Redis {settings.Connection}: {Doing} failed: Connection refused. " +
            "Start the server, or set streaming.redis.connection (STREAMING_REDIS_CONNECTION).");
    }

    [Fact]
    public async Task A_server_that_says_nothing_is_a_connection_that_took_too_long()
    {
        // It accepts, and says nothing.
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var settings = new RedisSettings($"127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}");
        await AssertTextAsync(
            settings,
            $"Redis {settings.Connection}: {Doing} failed: no connection within 1 s. Start the server, or set " +
            "streaming.redis.connection (STREAMING_REDIS_CONNECTION). streaming.redis.tls is off: does the server expect that?");
    }

    [SkippableFact]
    public async Task A_server_that_does_not_speak_TLS_is_asked_about_it()
    {
        Skip.If(server.SkipReason is not null, server.SkipReason);
        await AssertTextAsync(
            Right with { Tls = new() },
            $"Redis {server.EndPoint}: {Doing} failed: no connection within 1 s. Start the server, or set " +
            "streaming.redis.connection (STREAMING_REDIS_CONNECTION). streaming.redis.tls is on: does the server expect that?");
    }

    [SkippableFact]
    public async Task A_server_that_freezes_is_an_answer_that_took_too_long()
    {
        Skip.If(server.SkipReason is not null, server.SkipReason);
        using var own = new RedisServer();
        await own.InitializeAsync();
        await using var connection = await RedisConnection.OpenAsync(new RedisSettings(own.EndPoint) { CallTimeout = s_short }, Bounded);
        await own.FreezeAsync(freeze: true);
        var failure = await ReadAsync(connection);
        await own.FreezeAsync(freeze: false);
        Assert.Equal(
            $"Redis {own.EndPoint}: {Doing} failed: no answer within 1 s. The server is busy, or out of reach; try again.", failure.Message);
        Assert.True(failure.Retriable);
        await own.DisposeAsync();
    }

    /// <summary>The client appends the state of its queues and pools to nearly every text.</summary>
    [Theory]
    [InlineData("OOM command not allowed when used memory > 'maxmemory'.", "maxmemory")]
    [InlineData("WRONGTYPE Operation against a key holding the wrong kind of value", "streaming.redis.key-prefix")]
    [InlineData("ERR max number of clients reached", "maxclients")]
    [InlineData("ERR DB index is out of range", "streaming.redis.database")]
    public void What_the_server_says_is_followed_by_what_to_do(string said, string names)
    {
        var target = RedisTarget.Of(new RedisSettings("h:1").Options(), 3, RedisSettingNames.Slots);
        var failure = RedisFailure.Of(new RedisServerException(RedisErrorKind.Unknown, CommandFlags.None, $"{said}, command=HGET, inst: 0, qu: 0"), "writing", null, target);
        Assert.StartsWith("Redis h:1: writing failed: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(names, failure.Message, StringComparison.Ordinal);
        AssertBrief(failure);
    }

    // Until a handshake has got so far the client only knows that nothing answers, and a client that has failed waits before it tries again.
    private static async Task AssertTextAsync(RedisSettings settings, string expected)
    {
        SlotStoreException? failure = null;
        await Eventually.TrueAsync(
            expected,
            async () =>
            {
                try
                {
                    var bounded = settings with { ConnectTimeout = s_short, CallTimeout = s_short };
                    await using var connection = await RedisConnection.OpenAsync(bounded, Bounded);
                    failure = await ReadAsync(connection);
                }
                catch (SlotStoreException refused)
                {
                    failure = refused;
                }

                AssertBrief(failure);
                return failure.Message == expected;
            },
            () => failure?.Message ?? "none");
    }

    private static void AssertBrief(SlotStoreException failure)
    {
        Assert.True(failure.Message.Length <= LineMax, failure.Message);
        Assert.DoesNotContain('\n', failure.Message);
        Assert.DoesNotContain("inst:", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("last-read", failure.Message, StringComparison.Ordinal);
    }

    private static Task<SlotStoreException> ReadAsync(RedisConnection connection) => Assert.ThrowsAsync<SlotStoreException>(
        () => new RedisShardSlots(connection).ReadAsync(new(1, "card", 0), "a", Bounded));
}
