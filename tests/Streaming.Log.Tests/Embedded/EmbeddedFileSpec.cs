using System.Text;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Time.Testing;
using Streaming.Log.Conformance;
using Streaming.Log.Embedded;

namespace Streaming.Log.Tests.Embedded;

/// <summary>What the embedded log promises beyond the kit: its file, other processes, damage.</summary>
public sealed class EmbeddedFileSpec : IDisposable
{
    private static readonly TopicPartition s_partition = new("t", 0);
    private readonly LogFolder _folder = new();

    private static CancellationToken Bounded => new CancellationTokenSource(Batches.Bound).Token;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_reopened_log_has_its_records_topics_and_offsets()
    {
        TopicDescription topic;
        await using (var log = _folder.Open())
        {
            topic = await log.CreateTopicAsync("t", 1, Bounded);
            await log.AppendAsync(s_partition, Batches.Numbered(0, 10), Bounded);
            await log.CommitAsync("g", s_partition, 4, Bounded);
        }

        await using var again = _folder.Open();
        await again.AppendAsync(s_partition, Batches.Numbered(10, 1), Bounded);
        await using var reader = again.Read(s_partition, 0);
        Assert.Equal(Enumerable.Range(0, 11).Select(i => $"value-{i}"), Batches.Values(await Batches.ReadAsync(reader, 11)));
        Assert.Equal(4, await again.CommittedOffsetAsync("g", s_partition, Bounded));
        Assert.Equal(topic, await again.DescribeTopicAsync("t", Bounded));
    }

    [Fact]
    public async Task What_was_acknowledged_survives_a_process_that_dies()
    {
        using var after = new LogFolder();
        await using var log = _folder.Open();
        await log.CreateTopicAsync("t", 1, Bounded);
        for (var i = 0; i < 20; i++)
        {
            await log.AppendAsync(s_partition, Batches.Numbered(i, 1), Bounded);
        }

        File.Copy(_folder.File, after.File);
        File.Copy(_folder.File + "-wal", after.File + "-wal");
        File.Copy(_folder.File + "-ends", after.File + "-ends");
        await using var survivor = after.Open();
        await using var reader = survivor.Read(s_partition, 0);
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"value-{i}"), Batches.Values(await Batches.ReadAsync(reader, 20)));
        Assert.Equal(20, await survivor.EndOffsetAsync(s_partition, Bounded));
    }

    [Fact]
    public async Task The_write_ahead_log_begins_again_while_appends_go_on()
    {
        const int Appends = 4_000;
        const int ValueBytes = 64 << 10;
        await using var log = _folder.Open();
        await log.CreateTopicAsync("t", 1, Bounded);
        var record = new RecordBatch();
        record.Add(0, 1, "key"u8, new byte[ValueBytes]);
        var open = new Queue<Task>();
        for (var i = 0; i < Appends; i++)
        {
            open.Enqueue(log.AppendAsync(s_partition, record, Bounded));
            if (open.Count == 4)
            {
                await open.Dequeue();
            }
        }

        await Task.WhenAll(open);
        Assert.True(new FileInfo(_folder.File).Length > Appends * (long)ValueBytes / 2, "pages were not copied to the database");
        Assert.InRange(new FileInfo(_folder.File + "-wal").Length, 1, Appends * (long)ValueBytes / 2);
        Assert.Equal(Appends, await log.EndOffsetAsync(s_partition, Bounded));
    }

    [Fact]
    public async Task Two_logs_on_one_file_share_offsets_and_wake_each_others_readers()
    {
        await using var one = _folder.Open();
        await using var two = _folder.Open();
        await one.CreateTopicAsync("t", 1, Bounded);
        await using var reader = two.Read(s_partition, 0);
        for (var i = 0; i < 20; i++)
        {
            var read = reader.ReadAsync(10, Bounded);
            await (i % 2 == 0 ? one : two).AppendAsync(s_partition, Batches.Numbered(i, 1), Bounded);
            var batch = await read;
            Assert.Equal(i, batch.Offsets[0]);
            Assert.Equal([$"value-{i}"], Batches.Values(batch));
        }
    }

    [Fact]
    public async Task Two_logs_that_append_at_once_give_each_offset_once()
    {
        await using var one = _folder.Open();
        await using var two = _folder.Open();
        await one.CreateTopicAsync("t", 1, Bounded);
        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => (i % 2 == 0 ? one : two).AppendAsync(s_partition, Batches.Numbered(i, 1), Bounded)));
        await using var reader = one.Read(s_partition, 0);
        var read = await Batches.ReadAsync(reader, 100);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => (long)i), read.Offsets[..100]);
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"value-{i}").Order(), Batches.Values(read).Order());
    }

    [Fact]
    public async Task A_topic_made_anew_by_another_log_is_noticed_by_appends_and_readers()
    {
        await using var one = _folder.Open();
        await using var two = _folder.Open();
        await one.CreateTopicAsync("t", 1, Bounded);
        await one.AppendAsync(s_partition, Batches.Numbered(0, 5), Bounded);
        await using var reader = one.Read(s_partition, 0);
        await Batches.ReadAsync(reader, 5);
        var read = reader.ReadAsync(1, Bounded).AsTask();
        Assert.True(await two.DeleteTopicAsync("t", Bounded));
        await two.CreateTopicAsync("t", 1, Bounded);
        var failure = await Assert.ThrowsAsync<EventLogException>(() => read);
        Assert.Contains("deleted", failure.Message, StringComparison.Ordinal);
        await one.AppendAsync(s_partition, Batches.Numbered(9, 1), Bounded);
        Assert.Equal(1, await two.EndOffsetAsync(s_partition, Bounded));
    }

    [Fact]
    public async Task A_changed_byte_is_found_and_its_place_named()
    {
        await using (var log = _folder.Open())
        {
            await log.CreateTopicAsync("t", 1, Bounded);
            await log.AppendAsync(s_partition, Batches.Numbered(0, 5), Bounded);
            await log.AppendAsync(s_partition, Batches.Of(("k", "find-me")), Bounded);
            await log.AppendAsync(s_partition, Batches.Of(("k", "last")), Bounded);
        }

        var bytes = await File.ReadAllBytesAsync(_folder.File, Bounded);
        bytes[bytes.AsSpan().IndexOf("find-me"u8)] ^= 1;
        await File.WriteAllBytesAsync(_folder.File, bytes, Bounded);
        await using var again = _folder.Open();
        await using var good = again.Read(s_partition, 0);
        await using var bad = again.Read(s_partition, 5);
        Assert.Equal(5, (await good.ReadAsync(5, Bounded)).Count);
        var failure = await Assert.ThrowsAsync<EventLogException>(() => bad.ReadAsync(1, Bounded).AsTask());
        Assert.False(failure.Retriable);
        Assert.All([_folder.File, "t[0]", "offset 5"], part => Assert.Contains(part, failure.Message, StringComparison.Ordinal));
        var refused = await Assert.ThrowsAsync<EventLogException>(() => again.AppendAsync(s_partition, Batches.Numbered(9, 1), Bounded));
        Assert.Contains("takes no events", refused.Message, StringComparison.Ordinal);
        Assert.Equal(7, await again.EndOffsetAsync(s_partition, Bounded));
    }

    [Fact]
    public async Task A_locked_file_is_worth_trying_again_and_the_log_goes_on_afterwards()
    {
        await using var log = EmbeddedEventLog.Open(new EmbeddedLogSettings(_folder.File) { BusyTimeout = TimeSpan.FromMilliseconds(50) });
        await log.CreateTopicAsync("t", 1, Bounded);
        await using (var other = new SqliteConnection($"Data Source={_folder.File};Pooling=False"))
        {
            await other.OpenAsync(Bounded);
            await using var hold = other.BeginTransaction(deferred: false);
            var failure = await Assert.ThrowsAsync<EventLogException>(() => log.AppendAsync(s_partition, Batches.Numbered(0, 1), Bounded));
            Assert.True(failure.Retriable, failure.Message);
        }

        await log.AppendAsync(s_partition, Batches.Numbered(0, 1), Bounded);
        Assert.Equal(1, await log.EndOffsetAsync(s_partition, Bounded));
    }

    [Fact]
    public async Task An_append_that_is_cancelled_while_it_waits_ends_at_once_and_is_never_written()
    {
        await using var log = _folder.Open();
        await log.CreateTopicAsync("t", 1, Bounded);
        var records = Batches.Numbered(0, 1);
        await using (var other = new SqliteConnection($"Data Source={_folder.File};Pooling=False"))
        {
            await other.OpenAsync(Bounded);
            await using var hold = other.BeginTransaction(deferred: false);
            using var timeout = new CancellationTokenSource();
            var append = log.AppendAsync(s_partition, records, timeout.Token);
            var commit = log.CommitAsync("g", s_partition, 0, timeout.Token);
            await timeout.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => append);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => commit);
        }

        records.Clear();
        await log.AppendAsync(s_partition, Batches.Numbered(7, 1), Bounded);
        await using var reader = log.Read(s_partition, 0);
        Assert.Equal(["value-7"], Batches.Values(await reader.ReadAsync(10, Bounded)));
        Assert.Null(await log.CommittedOffsetAsync("g", s_partition, Bounded));
    }

    [SkippableFact]
    public async Task The_files_are_their_owners_alone()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no such modes");
        await using var log = _folder.Open();
        await log.CreateTopicAsync("t", 1, Bounded);
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(_folder.File)!))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task Many_that_open_a_new_file_at_once_all_get_it()
    {
        for (var round = 0; round < 5; round++)
        {
            using var fresh = new LogFolder();
            using var start = new Barrier(6);
            var opening = Enumerable.Range(0, 6).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    return fresh.Open();
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default));
            foreach (var log in await Task.WhenAll(opening))
            {
                await log.DisposeAsync();
            }
        }
    }

    [Fact]
    public void A_contended_write_ahead_log_is_an_outage() =>
        Assert.True(SqliteFailure.Of(SQLitePCL.raw.SQLITE_PROTOCOL, "locking protocol", "f", "opening").Retriable);

    [Fact]
    public async Task A_record_is_refused_by_the_logs_own_clock_and_named()
    {
        var clock = new FakeTimeProvider(DateTimeOffset.FromUnixTimeMilliseconds(Batches.Epoch));
        await using var log = EmbeddedEventLog.Open(new EmbeddedLogSettings(_folder.File) { Time = clock });
        await log.CreateTopicAsync("t", 1, Bounded);
        var records = Batches.Numbered(0, 1);
        records.Add(0, Batches.Epoch + (3600 * 1000), "k"u8, "in time"u8);
        await log.AppendAsync(s_partition, records, Bounded);
        records.Add(0, Batches.Epoch + (3600 * 1000) + 1, "k"u8, "ahead"u8);
        var failure = await Assert.ThrowsAsync<EventLogException>(() => log.AppendAsync("t", records, Bounded));
        Assert.Contains("record 2", failure.Message, StringComparison.Ordinal);
        Assert.Equal(2, await log.EndOffsetAsync(s_partition, Bounded));
    }

    [Fact]
    public void A_folder_that_is_missing_is_a_mistake()
    {
        var settings = new EmbeddedLogSettings(Path.Combine(_folder.File, "nowhere", "events.db"));
        Assert.False(Assert.Throws<EventLogException>(() => EmbeddedEventLog.Open(settings)).Retriable);
    }

    [Fact]
    public async Task Another_SQLite_file_is_refused_and_left_as_it_was()
    {
        await using (var other = new SqliteConnection($"Data Source={_folder.File};Pooling=False"))
        {
            await other.OpenAsync(Bounded);
            await using var command = other.CreateCommand();
            command.CommandText = "CREATE TABLE mine (x); PRAGMA user_version = 7";
            await command.ExecuteNonQueryAsync(Bounded);
        }

        Assert.False(Assert.Throws<EventLogException>(() => _folder.Open()).Retriable);
    }

    [Fact]
    public async Task A_large_append_becomes_several_rows_and_reads_back_whole()
    {
        await using var log = _folder.Open();
        await log.CreateTopicAsync("t", 1, Bounded);
        var records = new RecordBatch();
        for (var i = 0; i < 40_000; i++)
        {
            records.Add(0, Batches.Epoch, default, Encoding.UTF8.GetBytes($"{i}"));
        }

        await log.AppendAsync("t", records, Bounded);
        await using var reader = log.Read(s_partition, 1);
        var read = await Batches.ReadAsync(reader, 39_999, recordsMax: 15_000);
        Assert.Equal(Enumerable.Range(1, 39_999).Select(i => $"{i}"), Batches.Values(read));
    }
}
