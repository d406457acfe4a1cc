using System.Reflection;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using Streaming.Log.Conformance;
using Streaming.Log.Kafka;

namespace Streaming.Log.Tests.Kafka;

public sealed partial class KafkaAppenderSpec(MockCluster cluster) : IClassFixture<MockCluster>
{
    private const int OutOfOrderSequenceNumber = 45;

    [Fact]
    public async Task Every_append_ends_when_the_producer_fails_for_good_and_the_next_producer_takes_over()
    {
        var topic = $"fatal-{Guid.NewGuid():N}";
        cluster.CreateTopic(topic, 1);
        var settings = new KafkaSettings(cluster.Bootstrap) { TopicIds = false, DeliveryTimeout = TimeSpan.FromSeconds(5) };
        using var appender = new KafkaAppender(new KafkaClients(settings), settings, "mock");
        var to = new Confluent.Kafka.TopicPartition(topic, 0);
        await appender.AppendAsync(to, Batches.Numbered(0, 1), CancellationToken.None).WaitAsync(Batches.Bound);

        for (var round = 0; round < 3; round++)
        {
            var before = appender.Producer;
            var appends = Enumerable.Range(0, 20).Select(_ => Task.Run(() => appender.AppendAsync(to, Batches.Numbered(0, 500), CancellationToken.None))).ToArray();
            Assert.Equal(0, Fail(Native(before), OutOfOrderSequenceNumber, "a test says so"));

            // Each ends, well or not; one that hangs is what this is about.
            await Task.WhenAll(appends).ContinueWith(static _ => { }, TaskScheduler.Default).WaitAsync(Batches.Bound);
            Assert.All(appends.Where(append => append.IsFaulted), append => Assert.IsType<EventLogException>(append.Exception!.GetBaseException()));
            await AppendsAgainAsync(appender, to);
            Assert.NotSame(before, appender.Producer);
        }
    }

    private static async Task AppendsAgainAsync(KafkaAppender appender, Confluent.Kafka.TopicPartition to)
    {
        using var bound = new CancellationTokenSource(Batches.Bound);
        while (true)
        {
            try
            {
                await appender.AppendAsync(to, Batches.Numbered(0, 1), bound.Token).WaitAsync(bound.Token);
                return;
            }
            catch (EventLogException)
            {
                // The failure that shows the old producer broken.
            }
        }
    }

    // The client keeps its handle to itself.
    private static IntPtr Native(IProducer<byte[], byte[]> producer)
    {
        var handle = (SafeHandle)typeof(Handle).GetProperty("LibrdkafkaHandle", BindingFlags.Instance | BindingFlags.NonPublic)!.GetValue(producer.Handle)!;
        return handle.DangerousGetHandle();
    }

    [LibraryImport("librdkafka", EntryPoint = "rd_kafka_test_fatal_error", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Fail(IntPtr client, int code, string reason);
}
