using Akka.Persistence;
using StackExchange.Redis;

namespace Streaming.Persistence.Redis.Tests.Plugins;

/// <summary>The rules of SnapshotStoreSpec and SnapshotStoreSaveSnapshotSpec of the Akka.Persistence TCK.</summary>
public abstract class SnapshotRules : IAsyncLifetime, IAsyncDisposable
{
    private readonly string _id = $"p-{Guid.NewGuid():N}";
    private readonly List<SnapshotMetadata> _saved = [];
    private PluginSystem? _system;

    protected virtual string? SkipReason => null;

    protected abstract string Connection { get; }

    /// <summary>What comes before each key of an id: on a Cluster, its hash tag.</summary>
    protected virtual string Tag(string id) => "";

    private PluginSystem Plugins => _system!;

    public async Task InitializeAsync()
    {
        if (SkipReason is not null)
        {
            return;
        }

        _system = new PluginSystem(Connection);
        for (var number = 1; number <= 5; number++)
        {
            _saved.Add(await SaveAsync(new(_id, number + 10, new DateTime(2_026, 1, number, 0, 0, 0, DateTimeKind.Utc)), $"s-{number}"));
        }
    }

    async Task IAsyncLifetime.DisposeAsync() => await DisposeAsync();

    public async ValueTask DisposeAsync()
    {
        if (_system is not null)
        {
            await _system.DisposeAsync();
            GC.SuppressFinalize(this);
        }
    }

    [SkippableFact]
    public async Task No_snapshot_is_found_for_another_id_a_lower_number_or_an_earlier_time()
    {
        Skip.If(SkipReason is not null, SkipReason);
        Assert.Null((await LoadAsync(SnapshotSelectionCriteria.Latest, id: "never")).Snapshot);
        Assert.Null((await LoadAsync(new(long.MaxValue, new DateTime(100_000)))).Snapshot);
        Assert.Null((await LoadAsync(new(7))).Snapshot);
        var limited = await LoadAsync(SnapshotSelectionCriteria.Latest, upTo: 7);
        Assert.Equal((null, 7L), (limited.Snapshot, limited.ToSequenceNr));
    }

    [SkippableFact]
    public async Task The_newest_snapshot_within_the_bounds_is_found()
    {
        Skip.If(SkipReason is not null, SkipReason);
        AssertIs(4, await LoadAsync(SnapshotSelectionCriteria.Latest));
        AssertIs(2, await LoadAsync(new(13)));
        AssertIs(2, await LoadAsync(SnapshotSelectionCriteria.Latest, upTo: 13));
        AssertIs(2, await LoadAsync(new(13, _saved[2].Timestamp)));
        AssertIs(2, await LoadAsync(new(long.MaxValue, _saved[2].Timestamp), upTo: 13));
        AssertIs(1, await LoadAsync(new(long.MaxValue, _saved[1].Timestamp)));
        Assert.Null((await LoadAsync(new(12, DateTime.MaxValue, 13))).Snapshot);
        Assert.Null((await LoadAsync(new(14, DateTime.MaxValue, 0, _saved[4].Timestamp))).Snapshot);
    }

    [SkippableFact]
    public async Task A_snapshot_is_deleted_by_its_number_alone_or_not_if_its_time_is_later()
    {
        Skip.If(SkipReason is not null, SkipReason);
        await Plugins.AskSnapshotsAsync<DeleteSnapshotSuccess>(new DeleteSnapshot(new(_id, 13, _saved[2].Timestamp.AddTicks(-1))));
        AssertIs(2, await LoadAsync(new(13)));
        await Plugins.AskSnapshotsAsync<DeleteSnapshotSuccess>(new DeleteSnapshot(new(_id, 13, DateTime.MinValue)));
        AssertIs(1, await LoadAsync(new(13)));
        await Plugins.AskSnapshotsAsync<DeleteSnapshotSuccess>(new DeleteSnapshot(_saved[1]));
        AssertIs(0, await LoadAsync(new(13)));
        AssertIs(4, await LoadAsync(SnapshotSelectionCriteria.Latest));
    }

    [SkippableFact]
    public async Task Snapshots_are_deleted_by_bounds_of_number_and_time()
    {
        Skip.If(SkipReason is not null, SkipReason);
        var beyond = new SnapshotSelectionCriteria(14, _saved[3].Timestamp.AddTicks(-1));
        await Plugins.AskSnapshotsAsync<DeleteSnapshotsSuccess>(new DeleteSnapshots(_id, beyond));
        AssertIs(3, await LoadAsync(new(14, _saved[3].Timestamp)));
        Assert.Null((await LoadAsync(new(13))).Snapshot);
        await Plugins.AskSnapshotsAsync<DeleteSnapshotsSuccess>(new DeleteSnapshots(_id, new SnapshotSelectionCriteria(14)));
        Assert.Null((await LoadAsync(new(14))).Snapshot);
        AssertIs(4, await LoadAsync(SnapshotSelectionCriteria.Latest));
    }

    [SkippableFact]
    public async Task A_snapshot_with_the_same_number_takes_the_place_of_the_first()
    {
        Skip.If(SkipReason is not null, SkipReason);
        await SaveAsync(_saved[4], "modified");
        await SaveAsync(new(_id, 15, _saved[4].Timestamp.AddDays(-9)), "modified again");
        Assert.Equal("modified again", (await LoadAsync(SnapshotSelectionCriteria.Latest)).Snapshot.Snapshot);
        await using var client = await ConnectionMultiplexer.ConnectAsync(Connection);
        Assert.Equal(5, await client.GetDatabase().SortedSetLengthAsync($"{Tag(_id)}snapshot:{_id}"));
    }

    [SkippableTheory]
    [InlineData(10_000)]
    [InlineData(5_000_000)]
    public async Task A_large_snapshot_is_saved_whole(int bytes)
    {
        Skip.If(SkipReason is not null, SkipReason);
        var large = new byte[bytes];
        new Random(1).NextBytes(large);
        await SaveAsync(new(_id, 100, DateTime.UnixEpoch), large);
        Assert.Equal(large, (await LoadAsync(SnapshotSelectionCriteria.Latest)).Snapshot.Snapshot);
    }

    [SkippableFact]
    public async Task A_snapshot_is_written_and_read_by_its_own_serializer()
    {
        Skip.If(SkipReason is not null, SkipReason);
        var payload = new TestPayload(Plugins.Self);
        await SaveAsync(new(_id, 100, DateTime.UnixEpoch), payload);
        Assert.Equal(payload, (await LoadAsync(SnapshotSelectionCriteria.Latest)).Snapshot.Snapshot);
    }

    /// <summary>Also those that were sent before the connection stood.</summary>
    [SkippableTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_a_burst_of_snapshots_the_last_wins(bool sameNumber)
    {
        Skip.If(SkipReason is not null, SkipReason);
        await using var fresh = new PluginSystem(Connection);
        for (var round = 1; round <= 200; round++)
        {
            fresh.Snapshots.Tell(new SaveSnapshot(new(_id, sameNumber ? 1_000 : 1_000 + round, DateTime.UnixEpoch), $"round-{round}"), fresh.Self);
        }

        for (var round = 1; round <= 200; round++)
        {
            await fresh.ReceiveAsync<SaveSnapshotSuccess>();
        }

        Assert.Equal("round-200", (await LoadAsync(SnapshotSelectionCriteria.Latest)).Snapshot.Snapshot);
    }

    /// <summary>The older ones cannot be read at all.</summary>
    [SkippableFact]
    public async Task The_newest_snapshot_is_found_without_reading_the_others()
    {
        Skip.If(SkipReason is not null, SkipReason);
        await using var client = await ConnectionMultiplexer.ConnectAsync(Connection);
        await client.GetDatabase().SortedSetRemoveRangeByScoreAsync($"{Tag(_id)}snapshot:{_id}", 11, 14);
        await client.GetDatabase().SortedSetAddAsync($"{Tag(_id)}snapshot:{_id}", "no snapshot", 14);
        AssertIs(4, await LoadAsync(SnapshotSelectionCriteria.Latest));
    }

    private async Task<SnapshotMetadata> SaveAsync(SnapshotMetadata metadata, object snapshot) =>
        (await Plugins.AskSnapshotsAsync<SaveSnapshotSuccess>(new SaveSnapshot(metadata, snapshot))).Metadata;

    private Task<LoadSnapshotResult> LoadAsync(SnapshotSelectionCriteria criteria, long upTo = long.MaxValue, string? id = null) =>
        Plugins.AskSnapshotsAsync<LoadSnapshotResult>(new LoadSnapshot(id ?? _id, criteria, upTo));

    private void AssertIs(int index, LoadSnapshotResult found)
    {
        Assert.Equal($"s-{index + 1}", found.Snapshot?.Snapshot);
        Assert.Equal(_saved[index], found.Snapshot!.Metadata);
    }
}
