// Hot: one Produce per record.
using Confluent.Kafka;

namespace Streaming.Log.Kafka;

/// <summary>
/// Appends with the idempotent producer. Records go in chunks, of which a limited number may be on their way; further appends wait. After
/// a fatal error librdkafka accepts no more records, so the producer is replaced.
/// </summary>
internal sealed class KafkaAppender : IDisposable
{
    private const int ChunkRecords = 1_000;
    private const int ChunkBytes = 1 << 20;

    /// <summary>Longer than the delivery timeout, so that every record is reported before the producer is disposed.</summary>
    private static readonly TimeSpan s_flushGrace = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly KafkaClients _clients;
    private readonly KafkaSettings _settings;
    private readonly string _where;
    private readonly SemaphoreSlim _places;
    private readonly List<Thread> _retiring = [];
    private Sender _sender;

    public KafkaAppender(KafkaClients clients, KafkaSettings settings, string where)
    {
        _clients = clients;
        _settings = settings;
        _where = where;
        _places = new SemaphoreSlim(settings.ChunksInFlightMax);
        _sender = new Sender(clients);
    }

    /// <summary>The producer that the next append uses.</summary>
    internal IProducer<byte[], byte[]> Producer => Current().Producer;

    /// <summary>Appends to a partition; <see cref="Partition.Any"/> lets librdkafka's murmur2 choose.</summary>
    public async Task AppendAsync(Confluent.Kafka.TopicPartition to, RecordBatch records, CancellationToken cancellation)
    {
        List<Task> deliveries = [];
        try
        {
            for (var from = 0; from < records.Count;)
            {
                var until = ChunkEnd(records, from);
                await _places.WaitAsync(cancellation);
                var target = Current();
                var chunk = new Chunk(this, target, until - from, to);
                deliveries.Add(chunk.Task);
                Produce(target.Producer, chunk, to, records, from, until);
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
        Thread[] others;
        lock (_gate)
        {
            others = [.. _retiring];
        }

        Retire(_sender);
        Array.ForEach(others, static thread => thread.Join());
        _places.Dispose();
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

    private static void Produce(
        IProducer<byte[], byte[]> producer, Chunk chunk, Confluent.Kafka.TopicPartition to, RecordBatch records, int record) =>
        producer.Produce(
        to,
        new Message<byte[], byte[]>
        {
            Key = records.KeyLength[record] < 0 ? null! : records.Key(record).ToArray(),
            Value = records.ValueLength[record] < 0 ? null! : records.Value(record).ToArray(),
            Timestamp = new Timestamp(records.Timestamps[record], TimestampType.CreateTime),
        },
        chunk.Report);

    /// <summary>Whatever fails, each record of the chunk must be answered: the wait for a chunk has no timeout.</summary>
    private static void Produce(
        IProducer<byte[], byte[]> target, Chunk chunk, Confluent.Kafka.TopicPartition to, RecordBatch records, int from, int until)
    {
        var record = from;
        try
        {
            for (; record < until; record++)
            {
                Produce(target, chunk, to, records, record);
            }
        }
        catch (Exception e)
        {
            chunk.Abandon(until - record, e);
        }
    }

    private Sender Current()
    {
        var current = Volatile.Read(ref _sender);
        return current.IsBroken ? Replace(current) : current;
    }

    private Sender Replace(Sender dead)
    {
        lock (_gate)
        {
            if (_sender == dead)
            {
                Volatile.Write(ref _sender, new Sender(_clients));
                _retiring.RemoveAll(static thread => !thread.IsAlive);
                var retire = new Thread(() => Retire(dead)) { IsBackground = true, Name = "kafka-retire" };
                _retiring.Add(retire);
                retire.Start();
            }

            return _sender;
        }
    }

    /// <summary>
    /// Waits until all its records are reported, at the latest when they time out: a disposed producer reports nothing.
    /// </summary>
    private void Retire(Sender old)
    {
        old.Producer.Flush(_settings.DeliveryTimeout + s_flushGrace);
        old.Producer.Dispose();
    }

    /// <summary>One producer, and whether it had a fatal error. Late reports of an old producer must not count for its successor.</summary>
    private sealed class Sender
    {
        private volatile bool _broken;

        public Sender(KafkaClients clients) => Producer = clients.Producer(Note);

        public IProducer<byte[], byte[]> Producer { get; }

        public bool IsBroken => _broken;

        public void Note(Error error)
        {
            if (error.IsFatal)
            {
                _broken = true;
            }
        }
    }

    /// <summary>Records that are on their way together; complete when the last one is answered.</summary>
    private sealed class Chunk
    {
        private readonly KafkaAppender _appender;
        private readonly Sender _sender;
        private readonly Confluent.Kafka.TopicPartition _to;
        private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private EventLogException? _failure;
        private int _open;

        public Chunk(KafkaAppender appender, Sender sender, int records, Confluent.Kafka.TopicPartition to)
        {
            _appender = appender;
            _sender = sender;
            _to = to;
            _open = records;
            Report = OnReport;
        }

        public Task Task => _completion.Task;

        /// <summary>One delegate for all records of the chunk.</summary>
        public Action<DeliveryReport<byte[], byte[]>> Report { get; }

        /// <summary>The producer did not accept the last records.</summary>
        public void Abandon(int records, Exception cause)
        {
            if (cause is KafkaException { Error: var error })
            {
                Note(error, cause);
            }
            else
            {
                var closed = new EventLogException(
                    $"{_appender._where}: the producer stopped while records were appended to {_to.Topic}: {cause.Message}",
                    retriable: true,
                    cause);
                Interlocked.CompareExchange(ref _failure, closed, null);
            }

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
            _sender.Note(error);
            Interlocked.CompareExchange(
                ref _failure, _appender._clients.Failure(error, _appender._where, $"appending to {_to.Topic}", cause), null);
        }

        private void Answered(int records)
        {
            if (Interlocked.Add(ref _open, -records) != 0)
            {
                return;
            }

            _appender._places.Release();
            if (_failure is null)
            {
                _completion.SetResult();
            }
            else
            {
                _completion.SetException(_failure);
            }
        }
    }
}
