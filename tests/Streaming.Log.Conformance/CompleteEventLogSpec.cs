namespace Streaming.Log.Conformance;

/// <summary>What every event log does that librdkafka's mock brokers cannot: find records by timestamp, delete topics, miss topics.</summary>
public abstract class CompleteEventLogSpec : EventLogSpec
{
    [SkippableFact]
    public async Task The_offset_for_a_timestamp_is_the_first_record_at_or_after_it_also_out_of_order()
    {
        RequireLog();
        var partition = await PartitionAsync();
        long[][] appends = [[10, 20, 15], [30, 5], [40], [35, 50]];
        foreach (var append in appends)
        {
            var batch = new RecordBatch();
            Array.ForEach(append, t => batch.Add(0, Batches.Epoch + t, "k"u8, "v"u8));
            await Log.AppendAsync(partition, batch, Bounded);
        }

        var all = appends.SelectMany(a => a).ToArray();
        for (var t = 0; t <= 51; t++)
        {
            var first = Array.FindIndex(all, at => at >= t);
            Assert.Equal((t, first < 0 ? null : first), (t, await Log.OffsetForTimestampAsync(partition, Batches.Epoch + t, Bounded)));
        }
    }

    [SkippableFact]
    public async Task A_record_far_ahead_of_the_clock_is_refused_for_good()
    {
        RequireLog();
        var partition = await PartitionAsync();
        var batch = new RecordBatch();
        batch.Add(0, 1_532_529_000_000_000, "k"u8, "v"u8);
        var failure = await Assert.ThrowsAsync<EventLogException>(() => Log.AppendAsync(partition, batch, Bounded));
        Assert.False(failure.Retriable, failure.Message);
        Assert.Equal(0, await Log.EndOffsetAsync(partition, Bounded));
    }

    [SkippableFact]
    public async Task A_topic_made_anew_has_another_identity_and_starts_empty()
    {
        RequireLog();
        var partition = await PartitionAsync();
        await Log.AppendAsync(partition, Batches.Numbered(0, 5), Bounded);
        await Log.CommitAsync("group", partition, 5, Bounded);
        var first = await Log.DescribeTopicAsync(partition.Topic, Bounded);
        await DeleteTopicAsync(partition.Topic);
        Assert.Null(await Log.DescribeTopicAsync(partition.Topic, Bounded));
        var second = await Log.CreateTopicAsync(partition.Topic, 1, Bounded);
        Assert.NotEqual(first!.Identity, second.Identity);
        Assert.Equal(0, await Log.EndOffsetAsync(partition, Bounded));
        Assert.Null(await Log.CommittedOffsetAsync("group", partition, Bounded));
    }

    [SkippableFact]
    public async Task A_missing_topic_has_no_description_and_nothing_can_be_done_with_it()
    {
        RequireLog();
        var missing = new TopicPartition($"missing-{Guid.NewGuid():N}", 0);
        Assert.Null(await Log.DescribeTopicAsync(missing.Topic, Bounded));
        await using var reader = Log.Read(missing, 0);
        Func<Task>[] calls =
        [
            () => Log.AppendAsync(missing, Batches.Numbered(0, 1), Bounded),
            () => Log.AppendAsync(missing.Topic, Batches.Numbered(0, 1), Bounded),
            () => Log.EndOffsetAsync(missing, Bounded),
            () => Log.CommitAsync("group", missing, 1, Bounded),
            () => reader.ReadAsync(1, Bounded).AsTask(),
        ];
        foreach (var call in calls)
        {
            var failure = await Assert.ThrowsAsync<EventLogException>(call);
            Assert.False(failure.Retriable, failure.Message);
        }
    }

    [SkippableFact]
    public async Task A_reader_before_the_first_retained_offset_is_told_so_and_skips_nothing()
    {
        RequireLog();
        var partition = await PartitionAsync();
        await AppendInThreesAsync(partition);
        await DeleteBeforeAsync(partition, 6);
        Assert.Equal((6, 9), (await Log.BeginningOffsetAsync(partition, Bounded), await Log.EndOffsetAsync(partition, Bounded)));
        await using var behind = Log.Read(partition, 5);
        for (var round = 0; round < 2; round++)
        {
            var gone = await Assert.ThrowsAsync<OffsetOutOfRangeException>(() => behind.ReadAsync(10, Bounded).AsTask());
            Assert.Equal((partition, 5, 6, false), (gone.Partition, gone.Offset, gone.FirstOffset, gone.Retriable));
        }

        await using var reader = Log.Read(partition, 6);
        var left = await Batches.ReadAsync(reader, 3, 10);
        Assert.Equal([6L, 7, 8], left.Offsets.Take(left.Count));
        Assert.Equal(6, (await Log.DescribePartitionAsync(partition, Bounded)).Beginning);
    }

    [SkippableFact]
    public async Task A_reader_that_retention_overtakes_is_told_so_at_its_next_read()
    {
        RequireLog();
        var partition = await PartitionAsync();
        await Log.AppendAsync(partition, Batches.Numbered(0, 3), Bounded);
        await using var reader = Log.Read(partition, 0);
        Assert.Equal(3, (await Batches.ReadAsync(reader, 3, 10)).Count);
        await Log.AppendAsync(partition, Batches.Numbered(3, 3), Bounded);
        await Log.AppendAsync(partition, Batches.Numbered(6, 3), Bounded);

        // What a reader has fetched ahead it still returns, in order.
        await DeleteBeforeAsync(partition, 6);
        try
        {
            Assert.Equal(3, (await reader.ReadAsync(3, Bounded)).Offsets[0]);
        }
        catch (OffsetOutOfRangeException gone)
        {
            Assert.Equal((3, 6), (gone.Offset, gone.FirstOffset));
        }

        await Log.AppendAsync(partition, Batches.Numbered(9, 1), Bounded);
        Assert.Equal(10, await Log.EndOffsetAsync(partition, Bounded));
    }

    /// <summary>Deletes a topic.</summary>
    protected abstract Task DeleteTopicAsync(string topic);

    /// <summary>Deletes the records before an offset, as retention does.</summary>
    protected abstract Task DeleteBeforeAsync(TopicPartition partition, long offset);

    private async Task AppendInThreesAsync(TopicPartition partition)
    {
        for (var first = 0; first < 9; first += 3)
        {
            await Log.AppendAsync(partition, Batches.Numbered(first, 3), Bounded);
        }
    }
}
