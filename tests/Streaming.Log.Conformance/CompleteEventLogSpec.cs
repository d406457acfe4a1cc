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

    /// <summary>Deletes a topic.</summary>
    protected abstract Task DeleteTopicAsync(string topic);
}
