using System.Collections.Immutable;
using System.Text.Json;
using Streaming.Engine;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Log;
using Streaming.Log.Embedded;
using Streaming.Log.Kafka;
using Streaming.Node.Tests.Fakes;
using Streaming.Node.Upkeep;

namespace Streaming.Node.Tests;

/// <summary>What a node needs of its log, and what it says about it.</summary>
public sealed class LogUpkeepSpec
{
    private const long Day = 24 * 3600 * 1000L;
    private const long Now = 1_533_081_600_000;
    private static readonly TopicPartition s_partition = new("transactions", 0);

    [Fact]
    public void What_is_not_in_snapshots_and_what_the_longest_window_needs_stays()
    {
        // The sample's labels: windows of 7 days, and a day.
        var needs = new RetentionNeeds(SourceSpan.Of(Samples.Catalog()), TimeSpan.FromMinutes(10));
        var labels = new TopicPartition("labels", 0);
        var status = new PartitionStatus(labels, 90, 100, new EventTime(Now + Day), PartitionState.Live, null, 90, 1)
        {
            NewestByClock = new EventTime(Now),
            RestartOffset = 40,
        };
        var floor = needs.FloorOf(labels, new Dictionary<TopicPartition, PartitionStatus> { [labels] = status });
        Assert.Equal(new RetentionFloor(40, Now - (8 * Day) - 600_000), floor);
        Assert.Equal(40, RetentionNeeds.Holds([status])[labels]);
    }

    [Fact]
    public void All_stays_of_a_partition_that_is_not_read_yet_or_feeds_a_feature_without_a_window()
    {
        var all = new RetentionFloor(0, long.MinValue);
        var needs = new RetentionNeeds(SourceSpan.Of(Samples.Catalog()), TimeSpan.Zero);
        Assert.Equal(all, needs.FloorOf(new TopicPartition("labels", 0), new Dictionary<TopicPartition, PartitionStatus>()));
        var status = new PartitionStatus(s_partition, 90, 100, new EventTime(Now), PartitionState.Live, null, 90, 1)
        {
            NewestByClock = new EventTime(Now),
            RestartOffset = 90,
        };

        // last, without a window.
        Assert.Equal(all, needs.FloorOf(s_partition, new Dictionary<TopicPartition, PartitionStatus> { [s_partition] = status }));
    }

    [Fact]
    public void Other_topics_of_the_program_have_no_floor_and_unknown_ones_are_for_their_groups_to_say()
    {
        var needs = new RetentionNeeds(SourceSpan.Of(Samples.Catalog()), TimeSpan.Zero);
        var none = new Dictionary<TopicPartition, PartitionStatus>();
        Assert.Equal(new RetentionFloor(long.MaxValue, long.MaxValue), needs.FloorOf(new TopicPartition("scores", 0), none));
        Assert.Null(needs.FloorOf(new TopicPartition("pending-labels", 0), none));
    }

    [Theory]
    [InlineData(38 * Day, 38 * Day, null, false, null)]
    [InlineData(38 * Day, null, null, false, null)]
    [InlineData(
        38 * Day, 7 * Day, null, false,
        "topic transactions: the brokers delete records after 7d (retention.ms=604800000), and its features need 38d (view v: its longest "
        + "window, its delay, a day, and its topic's horizon): a node that loses its snapshots could not build them again. Set retention.ms=-1, or 3283200000 at "
        + "least (kafka-configs --alter --entity-type topics --entity-name transactions --add-config ...)")]
    [InlineData(null, 7 * Day, null, false, "need all records (view v has a feature without a window)")]
    [InlineData(38 * Day, null, 1000L, false, "keep 1000 bytes of a partition (retention.bytes=1000)")]
    [InlineData(38 * Day, null, null, true, "Set cleanup.policy=delete")]
    [InlineData(38 * Day, 1L, 2L, true, "Set retention.ms=-1, or 3283200000 at least, retention.bytes=-1, cleanup.policy=delete")]
    public void One_line_says_what_brokers_keep_too_little_of(long? needed, long? millis, long? bytes, bool isCompacted, string? told)
    {
        var line = KafkaAdvice.Of(new SourceSpan("transactions", needed, "v"), new KafkaRetention(millis, bytes, isCompacted));
        if (told is null)
        {
            Assert.Null(line);
        }
        else
        {
            Assert.Contains(told, line, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_span_of_a_source_is_that_of_the_view_that_needs_most()
    {
        // With a delay, a day, and the week in which transactions and clicks may come again.
        var spans = SourceSpan.Of(Samples.ShippedCatalog());
        Assert.Equal(new SourceSpan("transactions", 45 * Day, "terminal_risk"), spans["transactions"]);
        Assert.Equal(new SourceSpan("labels", 38 * Day, "terminal_labels"), spans["labels"]);
        Assert.Equal(new SourceSpan("clicks", 38 * Day, "user_clicks"), spans["clicks"]);
        Assert.Null(SourceSpan.Of(Samples.Catalog())["transactions"].Millis);
    }

    [Fact]
    public async Task Status_and_metrics_tell_what_the_log_holds()
    {
        var size = new LogSize(5_000_000, 1_000, [new(s_partition, 40, 100, 9_000, Now), new(s_partition with { Partition = 1 }, 7, 8, 1_000, Now + Day)]);
        var retention = ImmutableArray.Create(new PartitionRetention(s_partition, 40, 10, IsHeld: true));
        var state = new LogState(size, retention, ImmutableSortedDictionary<string, long>.Empty.Add("transactions", 10));
        await using var node = await TestNode.StartAsync(logState: state);
        Assert.Equal(5_000_000, await node.MetricAsync("streaming_log_disk_bytes"));
        Assert.Equal(10_000, await node.MetricAsync("""streaming_log_bytes{topic="transactions"}"""));
        Assert.Equal(61, await node.MetricAsync("""streaming_log_records{topic="transactions"}"""));
        Assert.Equal(40, await node.MetricAsync("""streaming_log_first_offset{topic="transactions",partition="0"}"""));
        Assert.Equal(Now / 1000, await node.MetricAsync("""streaming_log_oldest_timestamp_seconds{topic="transactions"}"""));
        Assert.Equal(10, await node.MetricAsync("""streaming_log_deleted_total{topic="transactions"}"""));
        Assert.Equal(1, await node.MetricAsync("""streaming_log_retention_held{topic="transactions"}"""));
        var log = JsonDocument.Parse(await node.Client.GetStringAsync("/status")).RootElement.GetProperty("log");
        Assert.Equal(
            """{"disk_bytes":5000000,"free_bytes":1000,"topics":[{"topic":"transactions","records":61,"bytes":10000,"first_offsets":[40,7],"""
            + "\"first_time\":\"2018-08-01T00:00:00.000Z\",\"deleted\":10,\"held\":true}]}",
            log.GetRawText());
    }
}
