using System.Diagnostics;
using Confluent.Kafka;
using Streaming.Log.Conformance;
using Streaming.Log.Kafka;

namespace Streaming.Log.Tests.Kafka;

/// <summary>Brokers that go are noticed within seconds, not after the request timeout; what waits goes on when they are back.</summary>
public sealed class BrokerOutageSpec
{
    /// <summary>The default is 30 s; the outage must be told long before.</summary>
    private static readonly TimeSpan s_soon = TimeSpan.FromSeconds(12);

    private static CancellationToken Bounded => new CancellationTokenSource(Batches.Bound).Token;

    [Fact]
    public async Task Brokers_that_go_are_an_outage_long_before_the_request_timeout_and_come_back()
    {
        using var cluster = new MockCluster();
        cluster.CreateTopic("t", 1);
        await using var log = KafkaEventLog.Open(new KafkaSettings(cluster.Bootstrap) { TopicIds = false });
        var partition = new TopicPartition("t", 0);
        await log.AppendAsync(partition, Batches.Numbered(0, 3), Bounded);
        await using var reader = log.Read(partition, 0);
        await Batches.ReadAsync(reader, 3);
        Assert.Equal(3, await log.EndOffsetAsync(partition, Bounded));
        var waiting = reader.ReadAsync(10, Bounded);

        cluster.SetDown(true);
        var clock = Stopwatch.StartNew();

        // The first may still be answered; what is on its way when the connection breaks fails with it; what is asked later finds none to fail with.
        for (var failed = 0; failed < 3;)
        {
            failed += await IsAnsweredAsync(log, partition) ? 0 : 1;
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, s_soon);
        }

        Assert.False(waiting.IsCompleted);

        cluster.SetDown(false);
        clock.Restart();
        while (!await IsAnsweredAsync(log, partition))
        {
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, Batches.Bound);
        }

        await log.AppendAsync(partition, Batches.Numbered(3, 1), Bounded);
        Assert.Equal(1, (await waiting).Count);
    }

    /// <summary>A request of the admin client without an answer can end the process.</summary>
    [Fact]
    public async Task A_topic_is_not_deleted_before_a_plain_request_is_answered()
    {
        using var cluster = new MockCluster();
        cluster.CreateTopic("t", 1);
        await using var log = KafkaEventLog.Open(new KafkaSettings(cluster.Bootstrap) { TopicIds = false, RequestTimeout = TimeSpan.FromSeconds(3) });
        await log.AppendAsync(new TopicPartition("t", 0), Batches.Numbered(0, 1), Bounded);
        cluster.SetDown(true);
        var outage = await Assert.ThrowsAsync<EventLogException>(() => log.DeleteTopicAsync("t", Bounded));
        Assert.Contains("describing topic \"t\"", outage.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_offset_is_asked_for_again_where_the_partition_is_led_in_a_newer_epoch()
    {
        const short ListOffsets = 2;
        const int FencedLeaderEpoch = 74;
        using var cluster = new MockCluster();
        cluster.CreateTopic("t", 1);
        await using var log = KafkaEventLog.Open(new KafkaSettings(cluster.Bootstrap) { TopicIds = false });
        var partition = new TopicPartition("t", 0);
        await log.AppendAsync(partition, Batches.Numbered(0, 3), Bounded);
        cluster.FailNext(ListOffsets, FencedLeaderEpoch);
        Assert.Equal(3, await log.EndOffsetAsync(partition, Bounded));
    }

    [Fact]
    public async Task A_connection_that_breaks_is_no_outage_while_the_brokers_answer()
    {
        var watch = new BrokerWatch();
        Assert.True(await watch.AnswersAsync(Task.CompletedTask));
        watch.Down();
        Assert.True(await watch.AnswersAsync(Task.CompletedTask));

        // That answer took it back: the next request has its whole bound again.
        var slow = new TaskCompletionSource();
        var answer = watch.AnswersAsync(slow.Task);
        await Assert.ThrowsAsync<TimeoutException>(() => answer.WaitAsync(BrokerWatch.DownTimeout + TimeSpan.FromSeconds(1)));
        slow.SetResult();
        Assert.True(await answer.WaitAsync(Batches.Bound));
    }

    [Fact]
    public async Task Brokers_that_never_answered_have_the_whole_bound()
    {
        var watch = new BrokerWatch();
        watch.Down();
        var first = new TaskCompletionSource();
        var answer = watch.AnswersAsync(first.Task);
        await Assert.ThrowsAsync<TimeoutException>(() => answer.WaitAsync(BrokerWatch.DownTimeout + TimeSpan.FromSeconds(1)));
        first.SetResult();
        Assert.True(await answer.WaitAsync(Batches.Bound));
    }

    [Fact]
    public async Task Brokers_that_all_are_down_and_refuse_the_credentials_are_not_waited_for()
    {
        var watch = new BrokerWatch();
        var refusal = new Error(ErrorCode.Local_Authentication, "wrong password");
        var answer = watch.AnswersAsync(new TaskCompletionSource().Task);
        watch.Refused(refusal);
        Assert.Null(watch.Refusal);
        watch.Down();
        Assert.False(await answer.WaitAsync(Batches.Bound));
        Assert.Same(refusal, watch.Refusal);

        // What is asked later is answered once it is fixed.
        Assert.True(await watch.AnswersAsync(Task.CompletedTask));
        Assert.Null(watch.Refusal);
    }

    [Fact]
    public async Task One_broker_that_refuses_the_credentials_ends_no_request_that_another_answers()
    {
        var watch = new BrokerWatch();
        var slow = new TaskCompletionSource();
        var answer = watch.AnswersAsync(slow.Task);
        watch.Refused(new Error(ErrorCode.Local_Authentication, "wrong password"));
        Assert.False(answer.IsCompleted);
        slow.SetResult();
        Assert.True(await answer.WaitAsync(Batches.Bound));

        // Its brokers were there: an outage from now on, however it began.
        watch.Down();
        Assert.Null(watch.Refusal);
    }

    [Fact]
    public async Task A_request_without_an_answer_while_all_are_down_is_given_up_and_its_own_failure_is_passed_on()
    {
        var watch = new BrokerWatch();
        Assert.True(await watch.AnswersAsync(Task.CompletedTask));
        var never = watch.AnswersAsync(new TaskCompletionSource().Task);
        watch.Down();
        Assert.False(await never.WaitAsync(Batches.Bound));
        await Assert.ThrowsAsync<InvalidOperationException>(() => watch.AnswersAsync(Task.FromException(new InvalidOperationException("refused"))));
    }

    private static async Task<bool> IsAnsweredAsync(KafkaEventLog log, TopicPartition partition)
    {
        try
        {
            await log.EndOffsetAsync(partition, Bounded);
            return true;
        }
        catch (EventLogException outage)
        {
            Assert.True(outage.Retriable, outage.Message);
            return false;
        }
    }
}
