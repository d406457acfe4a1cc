using Streaming.Log.Conformance;
using Streaming.Log.Embedded;

namespace Streaming.Log.Tests.Embedded;

/// <summary>Damage that SQLite cannot see is an error at the start, names what is lost, and harms nothing further; a loss that is accepted is no error.</summary>
public sealed class EmbeddedDamageSpec
{
    private static CancellationToken Bounded => new CancellationTokenSource(Batches.Bound).Token;

    [Theory]
    [InlineData("DELETE FROM batch WHERE (id & 1099511627775) = 10", "offsets 10 to 14 are missing", 25)]
    [InlineData("DELETE FROM batch WHERE (id & 1099511627775) = 0", "offsets 0 to 4 are missing", 25)]
    [InlineData("DELETE FROM batch WHERE (id & 1099511627775) = 25", "30 records were acknowledged, and the log ends at 25", 25)]
    [InlineData("DELETE FROM batch", "30 records were acknowledged, and the log ends at 0", 0)]
    [InlineData("UPDATE batch SET id = id + 3 WHERE (id & 1099511627775) = 25", "offsets 25 to 27 are missing", 25)]
    [InlineData("UPDATE batch SET count = 7 WHERE (id & 1099511627775) = 10", "overlaps the one before it", 25)]
    [InlineData("UPDATE batch SET count = 4 WHERE (id & 1099511627775) = 25", "fail their checksum", 25)]
    [InlineData("UPDATE batch SET records = zeroblob(80) WHERE (id & 1099511627775) = 25", "fail their checksum", 25)]
    [InlineData("UPDATE batch SET records = x'' WHERE (id & 1099511627775) = 25", "fail their checksum", 25)]
    [InlineData("UPDATE committed SET next_offset = 31", "group g committed 31, and the log ends at 30", 30)]
    [InlineData("UPDATE committed SET partition = 99", "group g committed 10", 30)]
    public async Task Tables_that_lost_something_are_found_and_what_is_left_can_be_kept(string harm, string told, int left)
    {
        using var log = await DamagedLog.MakeAsync();
        log.Execute(harm);
        RequireRefused(log, told);

        Assert.NotEmpty(EmbeddedLogRepair.Check(log.Settings));
        Assert.NotEmpty(EmbeddedLogRepair.AcceptLoss(log.Settings));
        Assert.Empty(EmbeddedLogRepair.Check(log.Settings));
        await using var again = EmbeddedEventLog.Open(log.Settings);
        await again.AppendAsync(DamagedLog.Partition, Batches.Of(("k", "after")), Bounded);
        var read = await ReadAllAsync(again, DamagedLog.Partition);
        Assert.Equal(left + 1, read.Count);
        Assert.All(read[..left], record => Assert.Equal($"value-{record.Offset}", record.Value));
        Assert.Equal("after", read[^1].Value);
        Assert.True(read[^1].Offset >= DamagedLog.Rows * DamagedLog.RecordsPerRow, "an offset was given twice");
    }

    [Theory]
    [InlineData("DELETE FROM topic", "the row of the topic of id 1, with 2 partitions, is missing", "lost-1")]
    [InlineData("DELETE FROM topic; DELETE FROM partition", "no partition that they belong to", "lost-partition-1")]
    public async Task A_topic_whose_row_is_gone_is_found_and_its_records_are_kept_under_another_name(string harm, string told, string name)
    {
        using var log = await DamagedLog.MakeAsync();
        log.Execute(harm);
        RequireRefused(log, told);
        EmbeddedLogRepair.AcceptLoss(log.Settings);
        await using var again = EmbeddedEventLog.Open(log.Settings);
        Assert.Equal(30, (await ReadAllAsync(again, new TopicPartition(name, 0))).Count);
        Assert.Null(await again.DescribeTopicAsync("t", Bounded));
    }

    [Fact]
    public async Task A_partition_whose_row_is_gone_is_found()
    {
        using var log = await DamagedLog.MakeAsync();
        log.Execute("DELETE FROM partition WHERE number = 1");
        RequireRefused(log, "topic t is to have 2 partitions");
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("empty")]
    public async Task A_write_ahead_log_without_its_database_is_not_destroyed(string database)
    {
        using var log = await DamagedLog.MakeAsync(isKilled: true);
        Lose(log.File, database);
        RequireRefused(log, "is missing or empty beside");

        EmbeddedLogRepair.AcceptLoss(log.Settings);
        Assert.True(File.Exists(log.File + "-wal.lost-1"));
        await using var anew = EmbeddedEventLog.Open(log.Settings);
        Assert.Null(await anew.DescribeTopicAsync("t", Bounded));
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("empty")]
    public async Task A_database_that_is_gone_after_a_stop_is_missed(string database)
    {
        using var log = await DamagedLog.MakeAsync();
        Lose(log.File, database);
        RequireRefused(log, "is missing or empty beside");
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("empty")]
    [InlineData("cut")]
    public async Task A_write_ahead_log_that_is_gone_or_cut_is_missed(string what)
    {
        using var log = await DamagedLog.MakeAsync(isKilled: true);
        Lose(log.File + "-wal", what);
        RequireRefused(log, what == "cut" ? "the log ends at" : "its write-ahead log is gone");
        EmbeddedLogRepair.AcceptLoss(log.Settings);
        await using var again = EmbeddedEventLog.Open(log.Settings);
    }

    [Fact]
    public async Task An_older_copy_in_the_databases_place_is_found()
    {
        using var older = await DamagedLog.MakeAsync();
        using var log = new CopiedFolder();
        log.CopyFrom(older.File);
        await using (var grown = EmbeddedEventLog.Open(older.Settings))
        {
            await grown.AppendAsync(DamagedLog.Partition, Batches.Numbered(30, 2), Bounded);
        }

        older.CopyFrom(log.File, "");
        RequireRefused(older, "t[0]: 32 records were acknowledged, and the log ends at 30");
    }

    [Fact]
    public async Task Another_logs_database_and_another_logs_end_offsets_are_found()
    {
        using var one = await DamagedLog.MakeAsync();
        using var other = await DamagedLog.MakeAsync();
        one.CopyFrom(other.File, "");
        RequireRefused(one, "another log's");
    }

    [Fact]
    public async Task Another_logs_write_ahead_log_is_found_and_not_copied_into_the_database()
    {
        using var one = await DamagedLog.MakeAsync();
        using var other = await DamagedLog.MakeAsync(isKilled: true);
        one.CopyFrom(other.File, "-wal");
        RequireRefused(one, "");
    }

    [Theory]
    [InlineData("missing")]
    [InlineData("empty")]
    [InlineData("cut")]
    public async Task End_offsets_that_are_gone_are_missed_and_made_anew_when_asked(string what)
    {
        using var log = await DamagedLog.MakeAsync();
        Lose(log.File + "-ends", what == "cut" ? "cut to 10" : what);
        RequireRefused(log, "which tells what was acknowledged, is missing, cut or another log's");
        EmbeddedLogRepair.AcceptLoss(log.Settings);
        await using var again = EmbeddedEventLog.Open(log.Settings);
        Assert.Equal(30, (await ReadAllAsync(again, DamagedLog.Partition)).Count);
    }

    [Fact]
    public async Task A_shared_memory_file_that_is_gone_is_made_again()
    {
        using var log = await DamagedLog.MakeAsync(isKilled: true);
        File.Delete(log.File + "-shm");
        await using var again = EmbeddedEventLog.Open(log.Settings);
        Assert.Equal(30, (await ReadAllAsync(again, DamagedLog.Partition)).Count);
    }

    [Fact]
    public async Task A_file_that_was_cut_is_refused()
    {
        using var log = await DamagedLog.MakeAsync();
        Lose(log.File, "cut");
        var failure = Assert.Throws<EventLogException>(() => EmbeddedEventLog.Open(log.Settings));
        Assert.False(failure.Retriable, failure.Message);
        Assert.Contains("is damaged", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_in_the_files_place_is_said()
    {
        using var folder = new LogFolder();
        Directory.CreateDirectory(folder.File);
        var failure = Assert.Throws<EventLogException>(() => folder.Open());
        Assert.False(failure.Retriable, failure.Message);
        Assert.Contains(folder.File, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_deleted_while_it_is_open_takes_no_more_events()
    {
        using var folder = new LogFolder();
        await using var log = folder.Open();
        await log.CreateTopicAsync("t", 1, Bounded);
        await log.AppendAsync(DamagedLog.Partition, Batches.Numbered(0, 1), Bounded);
        File.Delete(folder.File);
        var failure = await Assert.ThrowsAsync<EventLogException>(() => log.AppendAsync(DamagedLog.Partition, Batches.Numbered(1, 1), Bounded));
        Assert.Contains("deleted or replaced", failure.Message, StringComparison.Ordinal);
        Assert.False(failure.Retriable);
    }

    [Fact]
    public async Task A_row_that_goes_while_the_log_is_open_is_found_by_its_reader_and_no_more_is_taken()
    {
        using var damaged = await DamagedLog.MakeAsync();
        await using var log = EmbeddedEventLog.Open(damaged.Settings);
        damaged.Execute("DELETE FROM batch WHERE (id & 1099511627775) = 10");
        await using var reader = log.Read(DamagedLog.Partition, 0);
        Assert.Equal(10, (await Batches.ReadAsync(reader, 10)).Count);
        var failure = await Assert.ThrowsAsync<EventLogException>(() => reader.ReadAsync(10, Bounded).AsTask());
        Assert.Contains("offsets 10 to 14 are missing", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<EventLogException>(() => log.AppendAsync(DamagedLog.Partition, Batches.Numbered(30, 1), Bounded));
    }

    [Fact]
    public async Task A_commit_beyond_the_end_is_refused()
    {
        using var damaged = await DamagedLog.MakeAsync();
        await using var log = EmbeddedEventLog.Open(damaged.Settings);
        var failure = await Assert.ThrowsAsync<EventLogException>(() => log.CommitAsync("g", DamagedLog.Partition, 31, Bounded));
        Assert.Contains("ends at 30", failure.Message, StringComparison.Ordinal);
        await log.CommitAsync("g", DamagedLog.Partition, 30, Bounded);
    }

    [Fact]
    public async Task A_log_of_format_1_is_taken_over_with_its_records()
    {
        using var log = await DamagedLog.MakeAsync();
        log.Execute("DELETE FROM batch; DELETE FROM committed; DROP TABLE log; PRAGMA user_version = 1");
        File.Delete(log.File + "-ends");
        await using (var again = EmbeddedEventLog.Open(log.Settings))
        {
            await again.AppendAsync(DamagedLog.Partition, Batches.Numbered(0, 3), Bounded);
        }

        await using var once = EmbeddedEventLog.Open(log.Settings);
        Assert.Equal(3, (await ReadAllAsync(once, DamagedLog.Partition)).Count);
    }

    private static void RequireRefused(DamagedLog log, string told)
    {
        var before = log.Files();
        var failure = Assert.Throws<EventLogException>(() => EmbeddedEventLog.Open(log.Settings));
        Assert.False(failure.Retriable, failure.Message);
        Assert.Contains(told, failure.Message, StringComparison.Ordinal);
        Assert.Contains("accept-loss", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, log.Files());
    }

    private static void Lose(string file, string how)
    {
        switch (how)
        {
            case "missing":
                File.Delete(file);
                break;
            case "empty":
                File.WriteAllBytes(file, []);
                break;
            case "cut":
                File.WriteAllBytes(file, File.ReadAllBytes(file)[..(int)(new FileInfo(file).Length * 2 / 3)]);
                break;
            default:
                File.WriteAllBytes(file, File.ReadAllBytes(file)[..10]);
                break;
        }
    }

    private static async Task<List<(long Offset, string Value)>> ReadAllAsync(EmbeddedEventLog log, TopicPartition partition)
    {
        var all = new List<(long, string)>();
        var end = await log.EndOffsetAsync(partition, Bounded);
        await using var reader = log.Read(partition, 0);
        while (reader.NextOffset < end)
        {
            var batch = await reader.ReadAsync(100, Bounded);
            all.AddRange(Batches.Values(batch).Select((value, i) => (batch.Offsets[i], value)));
        }

        return all;
    }

    private sealed class CopiedFolder : IDisposable
    {
        private readonly LogFolder _folder = new();

        public string File => _folder.File;

        public void CopyFrom(string file) => System.IO.File.Copy(file, File);

        public void Dispose() => _folder.Dispose();
    }
}
