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
    public async Task A_partition_is_described_with_its_topic_and_its_ends_in_one_look()
    {
        var topic = await TopicAsync(3);
        var partition = new TopicPartition(topic, 2);
        await Log.AppendAsync(partition, Batches.Numbered(0, 7), Bounded);
        var there = await Log.DescribePartitionAsync(partition, Bounded);
        Assert.Equal(await Log.DescribeTopicAsync(topic, Bounded), there.Topic);
        Assert.Equal((0, 7, 7, 0), (there.Beginning, there.End, there.HighWatermark, there.HeldBack));
        var missing = await Assert.ThrowsAsync<EventLogException>(() => Log.DescribePartitionAsync(new TopicPartition(topic, 3), Bounded));
        Assert.False(missing.Retriable, missing.Message);
    }

    [SkippableFact]
    public async Task A_committed_offset_belongs_to_its_group_and_partition_and_may_go_back()
    {
        var topic = await TopicAsync(2);
        var (first, second) = (new TopicPartition(topic, 0), new TopicPartition(topic, 1));
        var (group, other) = ($"group-{Guid.NewGuid():N}", $"group-{Guid.NewGuid():N}");
        Assert.Null(await Log.CommittedOffsetAsync(group, first, Bounded));
        await Log.AppendAsync(first, Batches.Numbered(0, 9), Bounded);
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
