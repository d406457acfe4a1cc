// Hot: one Produce per record.
using Confluent.Kafka;

namespace Streaming.Log.Kafka;

/// <summary>
/// The idempotent producer. Records go in chunks; each chunk holds a place until the brokers have all its records, and who finds no place
/// waits. A producer that failed for good is replaced, for librdkafka refuses all further records with it.
/// </summary>
internal sealed class KafkaAppender : IDisposable
{
    private const int ChunkRecords = 1_000;
    private const int ChunkBytes = 1 << 20;

    /// <summary>Records time out by themselves first, so that every append gets its answer.</summary>
    private static readonly TimeSpan FlushGrace = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly KafkaClients clients;
    private readonly KafkaSettings settings;
    private readonly string where;
    private readonly SemaphoreSlim places;
    private IProducer<byte[], byte[]> producer;
    private volatile bool broken;

    public KafkaAppender(KafkaClients clients, KafkaSettings settings, string where)
    {
        this.clients = clients;
        this.settings = settings;
        this.where = where;
        places = new SemaphoreSlim(settings.ChunksInFlightMax);
        producer = Make();
    }

    /// <summary>Appends to a partition; <see cref="Partition.Any"/> lets librdkafka's murmur2 choose.</summary>
    public async Task AppendAsync(Confluent.Kafka.TopicPartition to, RecordBatch records, CancellationToken cancellation)
    {
        List<Task> deliveries = [];
        try
        {
            for (var from = 0; from < records.Count;)
            {
                var until = ChunkEnd(records, from);
                await places.WaitAsync(cancellation);
                var chunk = new Chunk(this, until - from, to);
                deliveries.Add(chunk.Task);
                Produce(chunk, to, records, from, until);
                from = until;
            }
        }
        finally
        {
            await Task.WhenAll(deliveries);
        }
    }

    public void Dispose()
    {
        producer.Flush(settings.DeliveryTimeout + FlushGrace);
        producer.Dispose();
        places.Dispose();
    }

    private static int ChunkEnd(RecordBatch records, int from)
    {
        var (until, bytes) = (from, 0);
        while (until < records.Count && until - from < ChunkRecords && bytes < ChunkBytes)
        {
            bytes += Math.Max(records.KeyLength[until], 0) + Math.Max(records.ValueLength[until], 0);
            until++;
        }

        return until;
    }

    private static void Produce(IProducer<byte[], byte[]> producer, Chunk chunk, Confluent.Kafka.TopicPartition to, RecordBatch records, int record) => producer.Produce(
        to,
        new Message<byte[], byte[]>
        {
            Key = records.KeyLength[record] < 0 ? null! : records.Key(record).ToArray(),
            Value = records.ValueLength[record] < 0 ? null! : records.Value(record).ToArray(),
            Timestamp = new Timestamp(records.Timestamps[record], TimestampType.CreateTime),
        },
        chunk.Report);

    private void Produce(Chunk chunk, Confluent.Kafka.TopicPartition to, RecordBatch records, int from, int until)
    {
        var target = Current();
        var record = from;
        try
        {
            for (; record < until; record++)
            {
                Produce(target, chunk, to, records, record);
            }
        }
        catch (ProduceException<byte[], byte[]> e)
        {
            chunk.Abandon(until - record, e.Error, e);
        }
        catch (KafkaException e)
        {
            chunk.Abandon(until - record, e.Error, e);
        }
    }

    private IProducer<byte[], byte[]> Current()
    {
        if (!broken)
        {
            return producer;
        }

        lock (gate)
        {
            if (broken)
            {
                var dead = producer;
                producer = Make();
                broken = false;
                _ = Task.Factory.StartNew(dead.Dispose, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            }

            return producer;
        }
    }

    private IProducer<byte[], byte[]> Make() => clients.Producer(error => broken |= error.IsFatal);

    /// <summary>Records that are on their way together; complete when the last has its answer.</summary>
    private sealed class Chunk
    {
        private readonly KafkaAppender appender;
        private readonly Confluent.Kafka.TopicPartition to;
        private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private EventLogException? failure;
        private int open;

        public Chunk(KafkaAppender appender, int records, Confluent.Kafka.TopicPartition to)
        {
            this.appender = appender;
            this.to = to;
            open = records;
            Report = OnReport;
        }

        public Task Task => completion.Task;

        /// <summary>One delegate for all records of the chunk.</summary>
        public Action<DeliveryReport<byte[], byte[]>> Report { get; }

        /// <summary>The last records were not taken by the producer.</summary>
        public void Abandon(int records, Error error, Exception cause)
        {
            Note(error, cause);
            Answered(records);
        }

        private void OnReport(DeliveryReport<byte[], byte[]> report)
        {
            if (report.Error.IsError)
            {
                Note(report.Error, null);
            }

            Answered(1);
        }

        private void Note(Error error, Exception? cause)
        {
            appender.broken |= error.IsFatal;
            Interlocked.CompareExchange(ref failure, KafkaFailure.Of(error, appender.where, $"appending to {to.Topic}", cause), null);
        }

        private void Answered(int records)
        {
            if (Interlocked.Add(ref open, -records) != 0)
            {
                return;
            }

            appender.places.Release();
            if (failure is null)
            {
                completion.SetResult();
            }
            else
            {
                completion.SetException(failure);
            }
        }
    }
}
