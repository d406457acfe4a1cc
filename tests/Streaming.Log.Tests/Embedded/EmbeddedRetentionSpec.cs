using Microsoft.Data.Sqlite;
using Streaming.Log.Conformance;
using Streaming.Log.Embedded;

namespace Streaming.Log.Tests.Embedded;

/// <summary>What the embedded log deletes, what it keeps, and that the space comes back.</summary>
public sealed class EmbeddedRetentionSpec : IDisposable
{
    private const int Appends = 10;
    private const int PerAppend = 100;
    private static readonly TopicPartition s_partition = new("t", 0);
    private static readonly RetentionFloor s_noFloor = new(long.MaxValue, long.MaxValue);
    private readonly LogFolder _folder = new();

    private static CancellationToken Bounded => new CancellationTokenSource(Batches.Bound).Token;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Time_is_measured_back_from_the_newest_record_not_from_the_clock()
    {
        await using var log = await FilledAsync();
        var done = Assert.Single(await log.RetainAsync(Rules(new(TimeSpan.FromMilliseconds(250), null)), Bounded));
        // Records are a millisecond apart and end at 999; whole rows of 100 go, those that end before 749.
        Assert.Equal((700, 700, false), (done.FirstOffset, done.Deleted, done.IsHeld));
        Assert.Equal(700, await log.BeginningOffsetAsync(s_partition, Bounded));
        Assert.Equal(0, Assert.Single(await log.RetainAsync(Rules(new(TimeSpan.FromMilliseconds(250), null)), Bounded)).Deleted);
    }

    [Fact]
    public async Task The_newest_row_stays_and_a_reopened_log_goes_on_behind_it()
    {
        await using (var log = await FilledAsync())
        {
            var done = await log.RetainAsync(Rules(new(TimeSpan.Zero, 0)), Bounded);
            Assert.Equal(900, Assert.Single(done).FirstOffset);
        }

        Assert.Empty(EmbeddedLogRepair.Check(new EmbeddedLogSettings(_folder.File)));
        await using var again = _folder.Open();
        await again.AppendAsync(s_partition, Batches.Numbered(1_000, 1), Bounded);
        await using var reader = again.Read(s_partition, 900);
        Assert.Equal(Enumerable.Range(900, 101).Select(i => $"value-{i}"), Batches.Values(await Batches.ReadAsync(reader, 101)));
    }

    [Theory]
    [InlineData(350, long.MaxValue, 300)]
    [InlineData(long.MaxValue, 420, 400)]
    [InlineData(long.MaxValue, 400, 300)]
    [InlineData(0, long.MaxValue, 0)]
    public async Task Nothing_is_deleted_past_a_floor(long floor, long floorMillis, long first)
    {
        await using var log = await FilledAsync();
        var millis = floorMillis == long.MaxValue ? long.MaxValue : Batches.Epoch + floorMillis;
        var done = Assert.Single(await log.RetainAsync(
            Rules(new(TimeSpan.Zero, null)) with { FloorOf = _ => new RetentionFloor(floor, millis) }, Bounded));
        Assert.Equal((first, true), (done.FirstOffset, done.IsHeld));
    }

    [Fact]
    public async Task Another_processes_hold_is_kept_to_until_it_ends()
    {
        await using var log = await FilledAsync();
        await using var other = _folder.Open();
        var limits = new RetentionLimits(TimeSpan.Zero, null);
        var holding = Rules(RetentionLimits.None) with { Holder = "other", Holds = new Dictionary<TopicPartition, long> { [s_partition] = 450 } };
        Assert.Empty(await other.RetainAsync(holding, Bounded));
        Assert.Equal((400, true), (await FirstAsync(log, limits)));

        // The other one goes on; its hold moves.
        await other.RetainAsync(holding with { Holds = new Dictionary<TopicPartition, long> { [s_partition] = 650 } }, Bounded);
        Assert.Equal((600, true), (await FirstAsync(log, limits)));

        // One that was not renewed counts no longer.
        await other.RetainAsync(holding with { HoldFor = TimeSpan.FromDays(-1) }, Bounded);
        Assert.Equal((900, false), (await FirstAsync(log, limits)));
    }

    [Fact]
    public async Task A_topic_that_the_caller_does_not_know_is_cut_to_what_every_group_has_committed()
    {
        await using var log = await FilledAsync();
        var rules = Rules(new(TimeSpan.Zero, null)) with { FloorOf = _ => null };
        Assert.Equal(0, Assert.Single(await log.RetainAsync(rules, Bounded)).FirstOffset);
        await log.CommitAsync("one", s_partition, 900, Bounded);
        await log.CommitAsync("two", s_partition, 310, Bounded);
        Assert.Equal(300, Assert.Single(await log.RetainAsync(rules, Bounded)).FirstOffset);
    }

    [Fact]
    public async Task The_file_shrinks_when_bytes_are_deleted()
    {
        await using var log = _folder.Open();
        await log.CreateTopicAsync("t", 2, Bounded);
        await FillAsync(log, 0, megabytes: 40);
        await FillAsync(log, 1, megabytes: 20);
        var before = await log.SizeAsync(Bounded);
        await log.RetainAsync(Rules(new(null, 6 << 20)), Bounded);
        var after = await log.SizeAsync(Bounded);
        var bytes = after.Partitions.Select(part => part.Bytes!.Value).ToArray();
        Assert.InRange(bytes.Sum(), 4 << 20, 6 << 20);
        // Each partition gives by its part.
        Assert.InRange(bytes[0] / (double)bytes[1], 1.4, 3);
        Assert.True(before.DiskBytes > 60 << 20, $"{before.DiskBytes}");
        // The database shrinks when the write-ahead log is copied, on another thread.
        await Eventually.TrueAsync(
            "the file shrinks",
            async () =>
            {
                await log.CommitAsync("g", s_partition, 0, Bounded);
                return new FileInfo(_folder.File).Length <= 20 << 20;
            },
            () => $"{new FileInfo(_folder.File).Length} bytes");
        Assert.Empty(EmbeddedLogRepair.Check(new EmbeddedLogSettings(_folder.File)));
    }

    [Fact]
    public async Task A_file_of_an_earlier_release_does_not_shrink_and_uses_its_pages_again()
    {
        await using (var log = _folder.Open())
        {
            await log.CreateTopicAsync("t", 2, Bounded);
        }

        Execute("PRAGMA auto_vacuum = NONE; VACUUM; DROP TABLE retained; DROP TABLE hold; PRAGMA user_version = 2");
        await using var old = _folder.Open();
        await FillAsync(old, 0, megabytes: 20);
        await old.RetainAsync(Rules(new(null, 2 << 20)), Bounded);
        var size = await old.SizeAsync(Bounded);
        Assert.InRange(size.FreeBytes!.Value, 15 << 20, 25 << 20);
        await FillAsync(old, 1, megabytes: 15);
        Assert.InRange((await old.SizeAsync(Bounded)).FreeBytes!.Value, 0, 8 << 20);
        Assert.InRange(new FileInfo(_folder.File).Length, 0, 30 << 20);
    }

    [Fact]
    public async Task The_size_tells_records_bytes_and_where_each_partition_begins()
    {
        await using var log = await FilledAsync();
        var part = Assert.Single((await log.SizeAsync(Bounded)).Partitions);
        Assert.Equal((s_partition, 0, 1_000, Batches.Epoch), (part.Partition, part.FirstOffset, part.Records, part.FirstMillis));
        Assert.InRange(part.Bytes!.Value, 1_000 * 32, 1_000 * 48);
        await log.DeleteBeforeAsync(s_partition, 555, Bounded);
        await log.AppendAsync(s_partition, Batches.Numbered(1_000, 7), Bounded);
        part = Assert.Single((await log.SizeAsync(Bounded)).Partitions);
        Assert.Equal((500, 507, Batches.Epoch + 500), (part.FirstOffset, part.Records, part.FirstMillis));
    }

    [Fact]
    public async Task Rows_that_are_missing_behind_the_first_retained_one_are_damage()
    {
        await using (var log = await FilledAsync())
        {
            await log.DeleteBeforeAsync(s_partition, 500, Bounded);
        }

        Execute("DELETE FROM batch WHERE (id & 1099511627775) = 500");
        Assert.Contains("offsets 500 to 599 are missing", Assert.Single(EmbeddedLogRepair.Check(new EmbeddedLogSettings(_folder.File))), StringComparison.Ordinal);
        Assert.Contains("offsets 500 to 599", Assert.Single(EmbeddedLogRepair.AcceptLoss(new EmbeddedLogSettings(_folder.File))), StringComparison.Ordinal);
        await using var whole = _folder.Open();
        await using var reader = whole.Read(s_partition, 500);
        Assert.Equal(600, (await Batches.ReadAsync(reader, 400)).Offsets[0]);
    }

    private static RetentionRules Rules(RetentionLimits limits) => new(
        "me", new Dictionary<TopicPartition, long>(), TimeSpan.FromDays(7), _ => limits, _ => s_noFloor);

    private static async Task<(long First, bool IsHeld)> FirstAsync(EmbeddedEventLog log, RetentionLimits limits)
    {
        var done = Assert.Single(await log.RetainAsync(Rules(limits), Bounded));
        return (done.FirstOffset, done.IsHeld);
    }

    private static async Task FillAsync(EmbeddedEventLog log, int partition, int megabytes)
    {
        var batch = new RecordBatch();
        for (var i = 0; i < 100; i++)
        {
            batch.Add(0, Batches.Epoch + i, "key"u8, new byte[10_240]);
        }

        for (var i = 0; i < megabytes; i++)
        {
            await log.AppendAsync(new TopicPartition("t", partition), batch, Bounded);
        }
    }

    private async Task<EmbeddedEventLog> FilledAsync()
    {
        var log = _folder.Open();
        await log.CreateTopicAsync("t", 1, Bounded);
        for (var i = 0; i < Appends; i++)
        {
            await log.AppendAsync(s_partition, Batches.Numbered(i * PerAppend, PerAppend), Bounded);
        }

        return log;
    }

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_folder.File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
