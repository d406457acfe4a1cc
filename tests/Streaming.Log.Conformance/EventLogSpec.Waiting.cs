namespace Streaming.Log.Conformance;

/// <summary>Waiting at the end of a partition, and ending a wait.</summary>
public abstract partial class EventLogSpec
{
    [SkippableFact]
    public async Task A_reader_at_the_end_waits_and_wakes_with_the_next_append()
    {
        var partition = await PartitionAsync();
        await Log.AppendAsync(partition, Batches.Numbered(0, 5), Bounded);
        await using var reader = Log.Read(partition, 5);
        for (var i = 5; i < 15; i++)
        {
            var read = reader.ReadAsync(10, Bounded);
            Assert.False(read.IsCompleted);
            await Log.AppendAsync(partition, Batches.Numbered(i, 1), Bounded);
            Assert.Equal([$"value-{i}"], Batches.Values(await read));
        }
    }

    [SkippableFact]
    public async Task A_reader_gets_the_records_of_its_own_partition_only()
    {
        var topic = await TopicAsync(2);
        await using var reader = Log.Read(new TopicPartition(topic, 0), 0);
        var read = reader.ReadAsync(10, Bounded).AsTask();
        await Log.AppendAsync(new TopicPartition(topic, 1), Batches.Numbered(0, 1), Bounded);
        Assert.False(read.IsCompleted);
        await Log.AppendAsync(new TopicPartition(topic, 0), Batches.Numbered(7, 1), Bounded);
        Assert.Equal(["value-7"], Batches.Values(await read));
    }

    [SkippableFact]
    public async Task A_cancelled_read_ends_at_once_and_the_next_one_misses_nothing()
    {
        var partition = await PartitionAsync();
        await using var reader = Log.Read(partition, 0);
        for (var i = 0; i < 5; i++)
        {
            using var cancel = new CancellationTokenSource();
            var read = reader.ReadAsync(10, cancel.Token).AsTask();
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read.WaitAsync(Batches.Bound));
            await Log.AppendAsync(partition, Batches.Numbered(i, 1), Bounded);
            Assert.Equal([$"value-{i}"], Batches.Values(await reader.ReadAsync(10, Bounded)));
        }
    }

    [SkippableFact]
    public async Task A_read_with_a_cancelled_token_does_not_start()
    {
        var partition = await PartitionAsync();
        await using var reader = Log.Read(partition, 0);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reader.ReadAsync(1, new CancellationToken(true)).AsTask());
    }

    [SkippableFact]
    public async Task Disposing_a_reader_ends_its_waiting_read()
    {
        var partition = await PartitionAsync();
        var reader = Log.Read(partition, 0);
        var read = reader.ReadAsync(1, Bounded).AsTask();
        await reader.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => read.WaitAsync(Batches.Bound));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => reader.ReadAsync(1, Bounded).AsTask());
    }

    [SkippableFact]
    public async Task Disposing_the_log_ends_its_waiting_reads()
    {
        RequireLog();
        var other = await OpenAsync();
        var partition = await PartitionAsync();
        await using var reader = other.Read(partition, 0);
        var read = reader.ReadAsync(1, Bounded).AsTask();
        await other.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => read.WaitAsync(Batches.Bound));
    }

    [SkippableFact]
    public async Task A_cancelled_append_that_was_not_taken_appends_nothing()
    {
        var partition = await PartitionAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Log.AppendAsync(partition, Batches.Numbered(0, 1), new CancellationToken(true)));
        await Log.AppendAsync(partition, Batches.Numbered(1, 1), Bounded);
        Assert.Equal(["value-1"], Batches.Values(await ReadFromAsync(partition, 0, 1)));
    }

    [SkippableFact]
    public async Task Two_readers_of_a_partition_do_not_disturb_each_other()
    {
        var partition = await PartitionAsync();
        await using var first = Log.Read(partition, 0);
        await using var second = Log.Read(partition, 0);
        var reads = new[] { first.ReadAsync(10, Bounded).AsTask(), second.ReadAsync(10, Bounded).AsTask() };
        await Log.AppendAsync(partition, Batches.Numbered(0, 1), Bounded);
        Assert.All(await Task.WhenAll(reads), batch => Assert.Equal(["value-0"], Batches.Values(batch)));
    }
}
