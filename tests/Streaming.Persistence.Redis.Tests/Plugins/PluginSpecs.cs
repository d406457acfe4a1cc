using Akka.Persistence;
using StackExchange.Redis;
using Streaming.Persistence.Redis.Plugins;
using Streaming.Persistence.Redis.Tests.Servers;

namespace Streaming.Persistence.Redis.Tests.Plugins;

public sealed class RedisJournalSpec(RedisServer server) : JournalRules, IClassFixture<RedisServer>
{
    protected override string? SkipReason => server.SkipReason;

    protected override string Connection => server.EndPoint;
}

public sealed class GarnetJournalSpec(GarnetServerFixture server) : JournalRules, IClassFixture<GarnetServerFixture>
{
    protected override string Connection => server.ConnectionString;
}

public sealed class RedisSnapshotStoreSpec(RedisServer server) : SnapshotRules, IClassFixture<RedisServer>
{
    protected override string? SkipReason => server.SkipReason;

    protected override string Connection => server.EndPoint;
}

public sealed class GarnetSnapshotStoreSpec(GarnetServerFixture server) : SnapshotRules, IClassFixture<GarnetServerFixture>
{
    protected override string Connection => server.ConnectionString;
}

public sealed class ClusterJournalSpec(RedisCluster cluster) : JournalRules, IClassFixture<RedisCluster>
{
    protected override string? SkipReason => cluster.SkipReason;

    protected override string Connection => cluster.EndPoints;

    protected override string Tag(string id) => $"{{__{id}}}.";
}

public sealed class ClusterSnapshotStoreSpec(RedisCluster cluster) : SnapshotRules, IClassFixture<RedisCluster>
{
    protected override string? SkipReason => cluster.SkipReason;

    protected override string Connection => cluster.EndPoints;

    protected override string Tag(string id) => $"{{__{id}}}.";
}

/// <summary>What both plugins share.</summary>
public sealed class RedisPluginsSpec(RedisServer server) : IClassFixture<RedisServer>
{
    [SkippableFact]
    public async Task All_plugins_of_a_system_share_a_connection_and_each_system_has_its_own()
    {
        Skip.If(server.SkipReason is not null, server.SkipReason);
        await using var one = new PluginSystem(server.EndPoint);
        await using var other = new PluginSystem(server.EndPoint);
        Assert.Null((await one.AskSnapshotsAsync<LoadSnapshotResult>(new LoadSnapshot("x", SnapshotSelectionCriteria.Latest, 1))).Snapshot);
        one.TellJournal(new ReplayMessages(1, 1, 1, "x", one.Self));
        await one.ReceiveAsync<RecoverySuccess>();
        Assert.Equal(1, RedisPlugins.Get(one.System).Connections);
        Assert.NotSame(RedisPlugins.Get(one.System), RedisPlugins.Get(other.System));
        await one.DisposeAsync();
        Assert.Null((await other.AskSnapshotsAsync<LoadSnapshotResult>(new LoadSnapshot("x", SnapshotSelectionCriteria.Latest, 1))).Snapshot);
    }

    [Theory]
    [InlineData("journal")]
    [InlineData("snapshot-store")]
    public void The_breaker_waits_longer_than_the_client(string plugin)
    {
        var breaker = RedisPersistencePlugins.ReferenceConfig.GetTimeSpan($"akka.persistence.{plugin}.redis.circuit-breaker.call-timeout");
        Assert.True(breaker.TotalMilliseconds > RedisPluginServer.CallTimeoutMillis, $"{breaker}");
    }

    [SkippableFact]
    public async Task Database_and_prefix_are_those_of_the_section()
    {
        Skip.If(server.SkipReason is not null, server.SkipReason);
        const string more = "akka.persistence.snapshot-store.redis { database = 3, key-prefix = \"pre:\" }";
        await using var plugins = new PluginSystem(server.EndPoint, more);
        await plugins.AskSnapshotsAsync<SaveSnapshotSuccess>(new SaveSnapshot(new("x", 1, DateTime.UnixEpoch), "s"));
        await using var client = await ConnectionMultiplexer.ConnectAsync(server.EndPoint);
        Assert.Equal(1, await client.GetDatabase(3).SortedSetLengthAsync("pre:snapshot:x"));
    }

    [SkippableFact]
    public async Task The_database_may_come_from_the_connection_string()
    {
        Skip.If(server.SkipReason is not null, server.SkipReason);
        const string more = "akka.persistence.snapshot-store.redis.use-database-number-from-connection-string = true";
        await using var plugins = new PluginSystem($"{server.EndPoint},defaultDatabase=5", more);
        await plugins.AskSnapshotsAsync<SaveSnapshotSuccess>(new SaveSnapshot(new("y", 1, DateTime.UnixEpoch), "s"));
        await using var client = await ConnectionMultiplexer.ConnectAsync(server.EndPoint);
        Assert.Equal(1, await client.GetDatabase(5).SortedSetLengthAsync("snapshot:y"));
    }

    [Fact]
    public async Task A_server_that_is_away_fails_the_save_with_one_line_that_says_why_and_where()
    {
        var at = $"127.0.0.1:{RedisServer.FreePort()}";
        await using var plugins = new PluginSystem($"{at},connectTimeout=1000,asyncTimeout=1500");
        var failure = await plugins.AskSnapshotsAsync<SaveSnapshotFailure>(new SaveSnapshot(new("x", 1, DateTime.UnixEpoch), "s"));
        // On a busy machine the refusal may come later than the time for a connection.
        Assert.Matches(
            $"^Redis {at}: saving a snapshot of x failed: (Connection refused|no connection within 1 s). Start the server, or set " +
            "configuration-string of akka.persistence.journal.redis and snapshot-store.redis.[^\n]*$",
            (failure.Cause is AggregateException all ? all.InnerException! : failure.Cause).Message);
    }

    [Fact]
    public void In_a_cluster_the_keys_of_an_id_have_one_hash_tag()
    {
        var keys = new RedisPluginKeys("p:", IsClustered: true);
        Assert.Equal("{__id}.p:journal:persisted:id", keys.Events("id"));
        Assert.Equal("{__id}.p:journal:persisted:id:highestSequenceNr", keys.Highest("id"));
        Assert.Equal("{__id}.p:snapshot:id", keys.Snapshots("id"));
    }

    [SkippableFact]
    public async Task A_refusal_by_a_replica_makes_the_client_look_for_the_primary()
    {
        Skip.If(server.SkipReason is not null, server.SkipReason);
        using var own = new RedisServer();
        await own.InitializeAsync();
        await using var plugins = new PluginSystem(own.EndPoint);
        await plugins.AskSnapshotsAsync<SaveSnapshotSuccess>(new SaveSnapshot(new("x", 1, DateTime.UnixEpoch), "s"));
        await own.ExecuteAsync("REPLICAOF", "127.0.0.1", "1");
        var failure = await plugins.AskSnapshotsAsync<SaveSnapshotFailure>(new SaveSnapshot(new("x", 2, DateTime.UnixEpoch), "s"));
        Assert.True(failure.Cause.ToString().Contains("is a replica", StringComparison.Ordinal), failure.Cause.ToString());
        Assert.True(await RedisPlugins.Get(plugins.System).Server(own.EndPoint).ReconfigurationsAsync() > 0);
        await own.DisposeAsync();
    }
}
