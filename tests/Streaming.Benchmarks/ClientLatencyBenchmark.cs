using System.Diagnostics;
using System.Globalization;
using System.Text;
using Confluent.Kafka;
using HdrHistogram;
using Streaming.Log.Kafka;

namespace Streaming.Benchmarks;

/// <summary>
/// What Confluent's client alone needs for <see cref="LatencyBenchmark"/>'s rate, with our producer's settings and default consumers:
/// from the moment a record is due until the brokers acknowledge it, and until a consumer has it.
/// </summary>
internal static class ClientLatencyBenchmark
{
    private const int Partitions = 4;
    private const int WarmUpSeconds = 5;
    private const int ValueBytes = 100;

    public static async Task<int> RunAsync(string bootstrap, int rate, int seconds)
    {
        var topic = $"latency-client-{Guid.NewGuid():N}";
        await using (var log = KafkaEventLog.Open(new KafkaSettings(bootstrap)))
        {
            await log.CreateTopicAsync(topic, Partitions, CancellationToken.None);
        }

        using var stop = new CancellationTokenSource();
        var (acknowledged, read) = (new LongConcurrentHistogram(1, 60_000_000, 3), new LongConcurrentHistogram(1, 60_000_000, 3));
        var clock = Stopwatch.StartNew();
        var reading = Enumerable.Range(0, Partitions).Select(partition => Task.Factory.StartNew(
            () => Read(bootstrap, new TopicPartition(topic, partition), clock, read, stop.Token),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToList();
        await ProduceAsync(bootstrap, topic, clock, acknowledged, rate, seconds);
        await stop.CancelAsync();
        await Task.WhenAll(reading);
        foreach (var (name, histogram) in new[] { ("append-to-acknowledgement", acknowledged), ("append-to-consume", read) })
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"RESULT client {name} rate={rate} records={histogram.TotalCount} p50_ms={histogram.GetValueAtPercentile(50) / 1000.0:F2} p99_ms={histogram.GetValueAtPercentile(99) / 1000.0:F2} max_ms={histogram.GetMaxValue() / 1000.0:F2}"));
        }

        return 0;
    }

    private static async Task ProduceAsync(
        string bootstrap, string topic, Stopwatch clock, LongConcurrentHistogram acknowledged, int rate, int seconds)
    {
        using var producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig
        {
            BootstrapServers = bootstrap,
            LingerMs = 1,
            Acks = Acks.All,
            EnableIdempotence = true,
            Partitioner = Partitioner.Murmur2Random,
            DeliveryReportFields = "none",
        }).Build();
        var begin = clock.Elapsed;
        for (long sent = 0; sent < (long)rate * (seconds + WarmUpSeconds);)
        {
            await ProbeClock.NextAsync();
            for (var due = (long)((clock.Elapsed - begin).TotalSeconds * rate); sent < due; sent++)
            {
                var dueAt = begin + TimeSpan.FromSeconds(sent / (double)rate);
                var isWarm = dueAt - begin >= TimeSpan.FromSeconds(WarmUpSeconds);
                var value = new byte[ValueBytes];
                BitConverter.TryWriteBytes(value, isWarm ? dueAt.Ticks : 0);
                producer.Produce(
                    topic,
                    new Message<byte[], byte[]> { Key = Encoding.UTF8.GetBytes($"card_{sent % 20_000}"), Value = value },
                    _ => Record(acknowledged, clock, value));
            }
        }

        producer.Flush(TimeSpan.FromSeconds(10));
    }

    private static void Read(string bootstrap, TopicPartition partition, Stopwatch clock, LongConcurrentHistogram read, CancellationToken stop)
    {
        using var consumer = new ConsumerBuilder<Ignore, byte[]>(new ConsumerConfig
        {
            BootstrapServers = bootstrap,
            GroupId = "latency-client",
            EnableAutoCommit = false,
            EnableAutoOffsetStore = false,
            ConsumeResultFields = "none",
        }).Build();
        consumer.Assign(new TopicPartitionOffset(partition, 0));
        while (!stop.IsCancellationRequested)
        {
            if (consumer.Consume(TimeSpan.FromMilliseconds(25)) is { } result)
            {
                Record(read, clock, result.Message.Value);
            }
        }
    }

    private static void Record(LongConcurrentHistogram histogram, Stopwatch clock, byte[] value)
    {
        if (BitConverter.ToInt64(value) is > 0 and var due)
        {
            histogram.RecordValue(Math.Max(1, (clock.Elapsed.Ticks - due) / TimeSpan.TicksPerMicrosecond));
        }
    }
}
