namespace Streaming.Log.Conformance;

/// <summary>Topics, offsets by place and time, committed offsets.</summary>
public abstract partial class EventLogSpec
{
    [SkippableFact]
    public async Task An_empty_partition_begins_and_ends_at_zero()
    {
        var partition = await PartitionAsync();
        Assert.Equal(0, await Log.BeginningOffsetAsync(partition, Bounded));
        Assert.Equal(0, await Log.EndOffsetAsync(partition, Bounded));
    }

    [SkippableFact]
    public async Task The_end_offset_is_the_next_records()
    {
        var partition = await PartitionAsync();
        await Log.AppendAsync(partition, Batches.Numbered(0, 12), Bounded);
        Assert.Equal(0, await Log.BeginningOffsetAsync(partition, Bounded));
        Assert.Equal(12, await Log.EndOffsetAsync(partition, Bounded));
    }

    [SkippableFact]
    public async Task The_offset_for_a_timestamp_is_the_first_record_at_or_after_it_also_out_of_order()
    {
        RequireLog();
        Skip.IfNot(CanSearchTimestamps, "This broker does not search timestamps.");
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
    public async Task A_committed_offset_belongs_to_its_group_and_partition_and_may_go_back()
    {
        var topic = await TopicAsync(2);
        var (first, second) = (new TopicPartition(topic, 0), new TopicPartition(topic, 1));
        var (group, other) = ($"group-{Guid.NewGuid():N}", $"group-{Guid.NewGuid():N}");
        Assert.Null(await Log.CommittedOffsetAsync(group, first, Bounded));
        await Log.CommitAsync(group, first, 7, Bounded);
        await Log.CommitAsync(other, first, 9, Bounded);
        await Log.CommitAsync(group, first, 3, Bounded);
        Assert.Equal(3, await Log.CommittedOffsetAsync(group, first, Bounded));
        Assert.Equal(9, await Log.CommittedOffsetAsync(other, first, Bounded));
        Assert.Null(await Log.CommittedOffsetAsync(group, second, Bounded));
    }

    [SkippableFact]
    public async Task Creating_a_topic_that_is_there_finds_it_with_the_same_identity()
    {
        var topic = await TopicAsync(3);
        var first = await Log.DescribeTopicAsync(topic, Bounded);
        Assert.Equal(first, await Log.CreateTopicAsync(topic, 3, Bounded));
        Assert.Equal(first, await Log.DescribeTopicAsync(topic, Bounded));
        Assert.Equal((topic, 3), (first!.Topic, first.Partitions));
        Assert.NotEmpty(first.Identity);
    }

    [SkippableFact]
    public async Task A_topic_with_another_number_of_partitions_is_an_error()
    {
        var topic = await TopicAsync(3);
        var failure = await Assert.ThrowsAsync<EventLogException>(() => Log.CreateTopicAsync(topic, 4, Bounded));
        Assert.False(failure.Retriable);
        Assert.Contains("3 partitions", failure.Message, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task A_topic_made_anew_has_another_identity_and_starts_empty()
    {
        RequireLog();
        Skip.IfNot(CanDeleteTopics, "This broker does not delete topics.");
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
        Skip.IfNot(MissingTopicsStayMissing, "This broker makes topics that are asked for.");
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
    public async Task A_missing_partition_is_an_error_that_names_it()
    {
        var missing = new TopicPartition(await TopicAsync(2), 2);
        var failure = await Assert.ThrowsAsync<EventLogException>(() => Log.AppendAsync(missing, Batches.Numbered(0, 1), Bounded));
        Assert.False(failure.Retriable);
        Assert.Contains(missing.ToString(), failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<EventLogException>(() => Log.EndOffsetAsync(missing, Bounded));
    }

    [SkippableTheory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("..")]
    [InlineData("ä")]
    public async Task A_topic_name_that_Kafka_refuses_is_refused(string topic)
    {
        RequireLog();
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Log.CreateTopicAsync(topic, 1, Bounded));
    }
}
