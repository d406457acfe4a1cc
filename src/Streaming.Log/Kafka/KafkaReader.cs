// Hot: one poll per record.
using Confluent.Kafka;

namespace Streaming.Log.Kafka;

/// <summary>
/// Reads one partition with a consumer of its own, on a thread of its own. Reading on demand is the back-pressure: what nobody polls
/// stays in librdkafka's bounded queue, and no partition waits for another's slow reader.
/// </summary>
internal sealed class KafkaReader : IPartitionReader
{
    /// <summary>How soon a cancelled or disposed read that waits for records is noticed.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(25);
    private const int ReadBytesMax = 8 << 20;

    private readonly Lock gate = new();
    private readonly AutoResetEvent wake = new(false);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly StagingDeserializer staging = new();
    private readonly SpareBatches spare = new();
    private readonly KafkaClients clients;
    private readonly KafkaSettings settings;
    private readonly TopicPartition partition;
    private readonly Confluent.Kafka.TopicPartition theirs;
    private readonly string where;
    private readonly Action<KafkaReader> closed;
    private IConsumer<Staged, Staged>? consumer;
    private Thread? thread;
    private Request? pending;
    private bool assigned;
    private volatile bool disposed;
    private long nextOffset;

    public KafkaReader(KafkaClients clients, KafkaSettings settings, TopicPartition partition, long fromOffset, string where, Action<KafkaReader> closed)
    {
        this.clients = clients;
        this.settings = settings;
        this.partition = partition;
        this.where = where;
        this.closed = closed;
        theirs = new Confluent.Kafka.TopicPartition(partition.Topic, partition.Partition);
        nextOffset = Math.Max(fromOffset, 0);
        NextOffset = nextOffset;
    }

    /// <inheritdoc/>
    public long NextOffset { get; private set; }

    public ValueTask<RecordBatch> ReadAsync(int maxRecords, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRecords, 1);
        cancellation.ThrowIfCancellationRequested();
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (pending is not null)
            {
                throw new InvalidOperationException($"A read of {partition} is under way; a reader has one caller at a time.");
            }

            var request = pending = new Request(maxRecords, cancellation);
            Start();
            wake.Set();
            return new ValueTask<RecordBatch>(request.Task);
        }
    }

    public void Recycle(RecordBatch batch) => spare.Return(batch);

    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            if (!disposed)
            {
                disposed = true;
                wake.Set();
                if (thread is null)
                {
                    ended.SetResult();
                }
            }
        }

        await ended.Task;
        closed(this);
    }

    private void Start()
    {
        if (thread is null)
        {
            thread = new Thread(Work) { IsBackground = true, Name = $"kafka-read-{partition}" };
            thread.Start();
        }
    }

    private void Work()
    {
        while (!disposed)
        {
            wake.WaitOne();
            ServePending();
        }

        ServePending();
        consumer?.Dispose();
        wake.Dispose();
        ended.SetResult();
    }

    private void ServePending()
    {
        if (pending is { } request)
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
            failure = clients.Failure(e.Error, where, $"reading {partition} at offset {nextOffset}", e);
        }
        catch (Exception e)
        {
            failure = e;
        }

        lock (gate)
        {
            pending = null;
            NextOffset = batch is null ? NextOffset : nextOffset;
        }

        request.Complete(batch, failure);
    }

    private RecordBatch Read(Request request)
    {
        var batch = spare.Take(Math.Min(request.RecordsMax, 64), 4096);
        while (true)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            request.Cancellation.ThrowIfCancellationRequested();
            if (!assigned)
            {
                Assign();
            }

            try
            {
                switch (Take(batch, Poll))
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
                // Retention overtook the reader, or the log was cut short: look at its ends again.
                assigned = false;
            }
        }
    }

    private void Fill(RecordBatch batch, int recordsMax)
    {
        while (batch.Count < recordsMax && batch.Bytes < ReadBytesMax && TakeMore(batch))
        {
        }
    }

    /// <summary>An error behind good records is kept for the next read: librdkafka reports it again, or has mended it by then.</summary>
    private bool TakeMore(RecordBatch batch)
    {
        try
        {
            return Take(batch, TimeSpan.Zero) == Taken.Record;
        }
        catch (ConsumeException)
        {
            assigned = false;
            return false;
        }
    }

    private Taken Take(RecordBatch batch, TimeSpan wait)
    {
        staging.Batch = batch;
        if (consumer!.Consume(wait) is not { } result)
        {
            return Taken.Nothing;
        }

        if (result.IsPartitionEOF)
        {
            var moved = result.Offset.Value > nextOffset;
            nextOffset = Math.Max(nextOffset, result.Offset.Value);
            return moved ? Taken.Gap : Taken.Nothing;
        }

        batch.AddStaged(result.Offset.Value, result.Message.Timestamp.UnixTimestampMs);
        nextOffset = result.Offset.Value + 1;
        return Taken.Record;
    }

    private void Assign()
    {
        consumer ??= clients.Consumer(staging);
        var ends = consumer.QueryWatermarkOffsets(theirs, settings.RequestTimeout);
        if (nextOffset > ends.High.Value)
        {
            throw LogArgument.BeyondEnd(partition, nextOffset, ends.High.Value, where);
        }

        nextOffset = Math.Max(nextOffset, ends.Low.Value);
        consumer.Assign(new TopicPartitionOffset(theirs, new Offset(nextOffset)));
        assigned = true;
    }

    private enum Taken
    {
        Nothing,
        Record,

        /// <summary>The end is further on than the last record: a transaction's marker lies between.</summary>
        Gap,
    }

    private sealed class Request(int recordsMax, CancellationToken cancellation) : TaskCompletionSource<RecordBatch>(TaskCreationOptions.RunContinuationsAsynchronously)
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
