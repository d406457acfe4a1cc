using System.Text;

namespace Streaming.Log.Conformance;

/// <summary>Appending and reading.</summary>
public abstract partial class EventLogSpec
{
    [SkippableFact]
    public async Task Records_are_read_in_the_order_appended_with_dense_offsets()
    {
        var partition = await PartitionAsync();
        await Log.AppendAsync(partition, Batches.Numbered(0, 700), Bounded);
        await Log.AppendAsync(partition, Batches.Numbered(700, 300), Bounded);
        var read = await ReadFromAsync(partition, 0, 1_000);
        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => $"value-{i}"), Batches.Values(read));
        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => (long)i), read.Offsets[..1_000]);
        Assert.Equal(Enumerable.Range(0, 1_000).Select(i => Batches.Epoch + i), read.Timestamps[..1_000]);
    }

    [SkippableFact]
    public async Task A_batch_that_was_given_back_is_filled_by_a_later_read_and_one_that_was_kept_stays()
    {
        var partition = await PartitionAsync();
        await Log.AppendAsync(partition, Batches.Numbered(0, 900), Bounded);
        await using var reader = Log.Read(partition, 0);
        var kept = await reader.ReadAsync(100, Bounded);
        var valuesKept = Batches.Values(kept);
        var seen = new List<string>(valuesKept);
        var given = new HashSet<RecordBatch>(ReferenceEqualityComparer.Instance);
        var filledAgain = false;
        while (seen.Count < 900)
        {
            var batch = await reader.ReadAsync(50, Bounded);
            seen.AddRange(Batches.Values(batch));
            filledAgain |= !given.Add(batch);
            reader.Recycle(batch);
        }

        Assert.Equal(Enumerable.Range(0, 900).Select(i => $"value-{i}"), seen);
        Assert.Equal(valuesKept, Batches.Values(kept));
        Assert.True(filledAgain, "no batch that was given back was used again");
    }

    [SkippableFact]
    public async Task Null_and_empty_keys_and_values_are_told_apart()
    {
        var partition = await PartitionAsync();
        var batch = new RecordBatch();
        batch.Add(0, Batches.Epoch, default, default, keyIsNull: true, valueIsNull: true);
        batch.Add(0, Batches.Epoch, default, default);
        batch.Add(0, Batches.Epoch, "k"u8, default, valueIsNull: true);
        batch.Add(0, Batches.Epoch, default, "v"u8, keyIsNull: true);
        await Log.AppendAsync(partition, batch, Bounded);
        var read = await ReadFromAsync(partition, 0, 4);
        Assert.Equal([-1, 0, 1, -1], read.KeyLength[..4]);
        Assert.Equal([-1, 0, -1, 1], read.ValueLength[..4]);
    }

    [SkippableFact]
    public async Task A_record_of_a_megabyte_comes_back_whole()
    {
        var partition = await PartitionAsync();
        var value = new byte[1_000_000];
        new Random(7).NextBytes(value);
        var batch = new RecordBatch();
        batch.Add(0, Batches.Epoch, "big"u8, value);
        batch.Add(0, Batches.Epoch, "small"u8, "after"u8);
        await Log.AppendAsync(partition, batch, Bounded);
        var read = await ReadFromAsync(partition, 0, 2);
        Assert.True(read.Value(0).SequenceEqual(value));
        Assert.Equal("after", Batches.Values(read)[1]);
    }

    [SkippableFact]
    public async Task A_batch_may_be_reused_after_its_append()
    {
        var partition = await PartitionAsync();
        var batch = new RecordBatch();
        for (var i = 0; i < 50; i++)
        {
            batch.Clear();
            batch.Add(0, Batches.Epoch, "k"u8, Encoding.UTF8.GetBytes($"round-{i}"));
            await Log.AppendAsync(partition, batch, Bounded);
        }

        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"round-{i}"), Batches.Values(await ReadFromAsync(partition, 0, 50)));
    }

    [SkippableFact]
    public async Task Many_partitions_hold_each_record_once_where_murmur2_puts_it()
    {
        const int Partitions = 7;
        var topic = await TopicAsync(Partitions);
        var batch = Batches.Numbered(0, 500);
        batch.Add(0, Batches.Epoch, default, "value-of-the-empty-key"u8);
        await Log.AppendAsync(topic, batch, Bounded);
        var expected = Enumerable.Range(0, batch.Count).ToLookup(i => Murmur2.Partition(batch.Key(i), Partitions), i => Encoding.UTF8.GetString(batch.Value(i)));
        for (var p = 0; p < Partitions; p++)
        {
            var read = await ReadFromAsync(new TopicPartition(topic, p), 0, expected[p].Count());
            Assert.Equal(expected[p], Batches.Values(read));
            Assert.Equal(read.Count, await Log.EndOffsetAsync(new TopicPartition(topic, p), Bounded));
        }
    }

    [SkippableFact]
    public async Task A_record_without_a_key_cannot_be_placed_by_key()
    {
        var topic = await TopicAsync();
        var batch = new RecordBatch();
        batch.Add(0, Batches.Epoch, default, "v"u8, keyIsNull: true);
        await Assert.ThrowsAsync<ArgumentException>(() => Log.AppendAsync(topic, batch, Bounded));
    }

    [SkippableFact]
    public async Task A_record_without_a_positive_timestamp_is_refused()
    {
        var partition = await PartitionAsync();
        foreach (var timestamp in new[] { 0L, -1 })
        {
            var batch = Batches.Numbered(0, 1);
            batch.Add(0, timestamp, "k"u8, "v"u8);
            await Assert.ThrowsAsync<ArgumentException>(() => Log.AppendAsync(partition, batch, Bounded));
            await Assert.ThrowsAsync<ArgumentException>(() => Log.AppendAsync(partition.Topic, batch, Bounded));
        }

        Assert.Equal(0, await Log.EndOffsetAsync(partition, Bounded));
    }

    [SkippableFact]
    public async Task A_reader_tells_the_next_offset()
    {
        var partition = await PartitionAsync();
        await Log.AppendAsync(partition, Batches.Numbered(0, 10), Bounded);
        await using var reader = Log.Read(partition, 2);
        Assert.Equal(2, reader.NextOffset);
        for (long next = 2; next < 10;)
        {
            var read = await reader.ReadAsync(3, Bounded);
            next += read.Count;
            Assert.Equal(next, reader.NextOffset);
        }
    }

    [SkippableFact]
    public async Task Concurrent_appenders_lose_and_repeat_nothing_and_keep_their_own_order()
    {
        const int Appenders = 8;
        const int Appends = 25;
        var partition = await PartitionAsync();
        await Task.WhenAll(Enumerable.Range(0, Appenders).Select(async a =>
        {
            for (var i = 0; i < Appends; i++)
            {
                await Log.AppendAsync(partition, Batches.Of(($"{a}", $"{a}:{2 * i}"), ($"{a}", $"{a}:{(2 * i) + 1}")), Bounded);
            }
        }));
        var read = await ReadFromAsync(partition, 0, Appenders * Appends * 2);
        var byAppender = Batches.Values(read).Select(v => v.Split(':')).ToLookup(v => v[0], v => int.Parse(v[1], null));
        Assert.Equal(Appenders, byAppender.Count);
        Assert.All(byAppender, one => Assert.Equal(Enumerable.Range(0, Appends * 2), one));
        Assert.Equal(Enumerable.Range(0, read.Count).Select(i => (long)i), read.Offsets[..read.Count]);
    }

    [SkippableFact]
    public async Task Reading_starts_in_the_middle_and_in_small_steps()
    {
        var partition = await PartitionAsync();
        await Log.AppendAsync(partition, Batches.Numbered(0, 100), Bounded);
        await Log.AppendAsync(partition, Batches.Numbered(100, 100), Bounded);
        var read = await ReadFromAsync(partition, 42, 158, recordsMax: 7);
        Assert.Equal(Enumerable.Range(42, 158).Select(i => (long)i), read.Offsets[..158]);
        Assert.Equal(Enumerable.Range(42, 158).Select(i => $"value-{i}"), Batches.Values(read));
    }

    [SkippableFact]
    public async Task No_read_returns_more_than_was_asked_for()
    {
        var partition = await PartitionAsync();
        await Log.AppendAsync(partition, Batches.Numbered(0, 100), Bounded);
        await using var reader = Log.Read(partition, 0);
        Assert.InRange((await reader.ReadAsync(9, Bounded)).Count, 1, 9);
        Assert.Equal(1, (await reader.ReadAsync(1, Bounded)).Count);
    }

    [SkippableFact]
    public async Task A_batch_that_was_read_stays_valid_while_the_reader_goes_on()
    {
        var partition = await PartitionAsync();
        await Log.AppendAsync(partition, Batches.Numbered(0, 40), Bounded);
        await using var reader = Log.Read(partition, 0);
        var first = await reader.ReadAsync(5, Bounded);
        var values = Batches.Values(first);
        await Batches.ReadAsync(reader, 40 - first.Count);
        Assert.Equal(values, Batches.Values(first));
    }

    [SkippableFact]
    public async Task Reading_before_the_beginning_starts_at_the_beginning()
    {
        var partition = await PartitionAsync();
        await Log.AppendAsync(partition, Batches.Numbered(0, 3), Bounded);
        Assert.Equal(0, (await ReadFromAsync(partition, -5, 1)).Offsets[0]);
    }

    [SkippableFact]
    public async Task Reading_beyond_the_end_is_an_error_that_says_so()
    {
        var partition = await PartitionAsync();
        await Log.AppendAsync(partition, Batches.Numbered(0, 3), Bounded);
        await using var reader = Log.Read(partition, 17);
        var failure = await Assert.ThrowsAsync<EventLogException>(() => reader.ReadAsync(1, Bounded).AsTask());
        Assert.False(failure.Retriable);
        Assert.Contains("17", failure.Message, StringComparison.Ordinal);
        Assert.Contains(partition.ToString(), failure.Message, StringComparison.Ordinal);
    }
}
