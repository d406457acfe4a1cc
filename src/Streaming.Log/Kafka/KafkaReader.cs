// Hot: one poll per record.
using Confluent.Kafka;

namespace Streaming.Log.Kafka;

/// <summary>
/// Reads one partition with a consumer and a thread of its own. Polling on demand is the back-pressure: unread records stay in
/// librdkafka's bounded queue, and a slow reader does not delay other partitions.
/// </summary>
internal sealed class KafkaReader : IPartitionReader
{
    /// <summary>How soon a waiting read notices that it is cancelled or disposed.</summary>
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(25);
    private const int ReadBytesMax = 8 << 20;

    private readonly Lock _gate = new();
    private readonly AutoResetEvent _wake = new(false);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StagingDeserializer _staging = new();
    private readonly SpareBatches _spare = new();
    private readonly KafkaClients _clients;
    private readonly TopicPartition _partition;
    private readonly Confluent.Kafka.TopicPartition _kafkaPartition;
    private readonly string _where;
    private readonly Action<KafkaReader> _closed;
    private IConsumer<Staged, Staged>? _consumer;
    private Thread? _thread;
    private Request? _pending;
    private bool _assigned;
    private volatile bool _disposed;
    private long _nextOffset;

    public KafkaReader(KafkaClients clients, TopicPartition partition, long fromOffset, string where, Action<KafkaReader> closed)
    {
        _clients = clients;
        _partition = partition;
        _where = where;
        _closed = closed;
        _kafkaPartition = new Confluent.Kafka.TopicPartition(partition.Topic, partition.Partition);
        _nextOffset = Math.Max(fromOffset, 0);
        NextOffset = _nextOffset;
    }

    /// <inheritdoc/>
    public long NextOffset { get; private set; }

    public ValueTask<RecordBatch> ReadAsync(int maxRecords, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRecords, 1);
        cancellation.ThrowIfCancellationRequested();
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_pending is not null)
            {
                throw new InvalidOperationException($"A read of {_partition} is under way; a reader has one caller at a time.");
            }

            var request = _pending = new Request(maxRecords, cancellation);
            Start();
            _wake.Set();
            return new ValueTask<RecordBatch>(request.Task);
        }
    }

    public void Recycle(RecordBatch batch) => _spare.Return(batch);

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (!_disposed)
            {
                _disposed = true;
                _wake.Set();
                if (_thread is null)
                {
                    _ended.SetResult();
                }
            }
        }

        await _ended.Task;
        _closed(this);
    }

    private void Start()
    {
        if (_thread is null)
        {
            _thread = new Thread(Work) { IsBackground = true, Name = $"kafka-read-{_partition}" };
            _thread.Start();
        }
    }

    private void Work()
    {
        while (!_disposed)
        {
            _wake.WaitOne();
            ServePending();
        }

        ServePending();
        _consumer?.Dispose();
        lock (_gate)
        {
            // DisposeAsync may still be setting it.
            _wake.Dispose();
        }

        _ended.SetResult();
    }

    private void ServePending()
    {
        if (_pending is { } request)
        {
            Serve(request);
        }
    }

    private void Serve(Request request)
    {
        RecordBatch? batch = null;
        Exception? failure = null;
        try
        {
            batch = Read(request);
        }
        catch (KafkaException e)
        {
            failure = _clients.Failure(e.Error, _where, $"reading {_partition} at offset {_nextOffset}", e);
        }
        catch (Exception e)
        {
            failure = e;
        }

        lock (_gate)
        {
            _pending = null;
            NextOffset = batch is null ? NextOffset : _nextOffset;
        }

        request.Complete(batch, failure);
    }

    private RecordBatch Read(Request request)
    {
        var batch = _spare.Take(Math.Min(request.RecordsMax, 64), 4096);
        while (true)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            request.Cancellation.ThrowIfCancellationRequested();
            if (!_assigned)
            {
                Assign(request.Cancellation);
            }

            try
            {
                switch (Take(batch, s_poll))
                {
                    case Taken.Record:
                        Fill(batch, request.RecordsMax);
                        return batch;
                    case Taken.Gap:
                        return batch;
                }
            }
            catch (ConsumeException e) when (e.Error.Code is ErrorCode.Local_AutoOffsetReset or ErrorCode.OffsetOutOfRange)
            {
                // Retention overtook the reader, or the log was truncated: its beginning and end say which.
                _assigned = false;
            }
        }
    }

    private void Fill(RecordBatch batch, int recordsMax)
    {
        while (batch.Count < recordsMax && batch.Bytes < ReadBytesMax && TakeMore(batch))
        {
        }
    }

    /// <summary>An error after good records is left to the next read: librdkafka reports it again, or has recovered by then.</summary>
    private bool TakeMore(RecordBatch batch)
    {
        try
        {
            return Take(batch, TimeSpan.Zero) == Taken.Record;
        }
        catch (ConsumeException)
        {
            _assigned = false;
            return false;
        }
    }

    private Taken Take(RecordBatch batch, TimeSpan wait)
    {
        _staging.Batch = batch;
        if (_consumer!.Consume(wait) is not { } result)
        {
            return Taken.Nothing;
        }

        if (result.IsPartitionEOF)
        {
            var moved = result.Offset.Value > _nextOffset;
            _nextOffset = Math.Max(_nextOffset, result.Offset.Value);
            return moved ? Taken.Gap : Taken.Nothing;
        }

        batch.AddStaged(result.Offset.Value, result.Message.Timestamp.UnixTimestampMs);
        _nextOffset = result.Offset.Value + 1;
        return Taken.Record;
    }

    private void Assign(CancellationToken cancellation)
    {
        _consumer ??= _clients.Consumer(_staging);
        var ends = Ends(cancellation);
        if (_nextOffset > ends.High.Value)
        {
            throw LogArgument.BeyondEnd(_partition, _nextOffset, ends.High.Value, _where);
        }

        if (_nextOffset < ends.Low.Value)
        {
            throw new OffsetOutOfRangeException(_partition, _nextOffset, ends.Low.Value, _where);
        }

        _consumer.Assign(new TopicPartitionOffset(_kafkaPartition, new Offset(_nextOffset)));
        _assigned = true;
    }

    /// <summary>
    /// Asks in steps, each twice as long as the last, up to the timeout: librdkafka waits for brokers that refuse the credentials as for
    /// slow ones, and the call cannot be cancelled.
    /// </summary>
    private WatermarkOffsets Ends(CancellationToken cancellation)
    {
        var (left, step) = (_clients.Bound, BrokerWatch.DownTimeout);
        while (true)
        {
            try
            {
                return _consumer!.QueryWatermarkOffsets(_kafkaPartition, left < step ? left : step);
            }
            catch (KafkaException e) when (KafkaFailure.IsNoAnswer(e.Error.Code) && left > step)
            {
                (left, step) = (left - step, step + step);
            }

            cancellation.ThrowIfCancellationRequested();
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_clients.Watch.Refusal is { } refusal)
            {
                throw new KafkaException(refusal);
            }
        }
    }

    private enum Taken
    {
        Nothing,
        Record,

        /// <summary>The end is beyond the last record: a transaction's marker lies between.</summary>
        Gap,
    }

    private sealed class Request(int recordsMax, CancellationToken cancellation)
        : TaskCompletionSource<RecordBatch>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public int RecordsMax => recordsMax;

        public CancellationToken Cancellation => cancellation;

        public void Complete(RecordBatch? batch, Exception? failure)
        {
            if (batch is not null)
            {
                SetResult(batch);
            }
            else if (failure is OperationCanceledException)
            {
                SetCanceled(cancellation);
            }
            else
            {
                SetException(failure!);
            }
        }
    }
}
