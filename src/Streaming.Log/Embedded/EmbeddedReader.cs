// Hot: one read at a time; completes without an allocation of its own besides the batch.
using System.Threading.Tasks.Sources;

namespace Streaming.Log.Embedded;

/// <summary>
/// Reads one partition. A read is queued for a reading thread; one that finds nothing waits for a signal and is queued again.
/// All changes of state are made under the gate; the thread that runs the read owns offset and rest.
/// </summary>
internal sealed class EmbeddedReader : IPartitionReader, IReadJob, IValueTaskSource<RecordBatch>
{
    private readonly Lock gate = new();
    private readonly SpareBatches spare = new();
    private readonly ReadThreads threads;
    private readonly AppendSignals signals;
    private readonly TopicPartition partition;
    private readonly string where;
    private readonly Action<EmbeddedReader> closed;
    private ManualResetValueTaskSourceCore<RecordBatch> completion = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration registration;
    private CancellationToken cancellation;
    private State state;
    private bool disposed;
    private long partitionId = -1;
    private long nextOffset;
    private int maxRecords;
    private RecordBatch? rest;
    private int restTaken;

    public EmbeddedReader(ReadThreads threads, AppendSignals signals, TopicPartition partition, long fromOffset, string where, Action<EmbeddedReader> closed)
    {
        this.threads = threads;
        this.signals = signals;
        this.partition = partition;
        this.where = where;
        this.closed = closed;
        nextOffset = Math.Max(fromOffset, 0);
        NextOffset = nextOffset;
    }

    /// <inheritdoc/>
    public long NextOffset { get; private set; }

    private enum State
    {
        Idle,
        Running,
        Waiting,
    }

    public ValueTask<RecordBatch> ReadAsync(int maxRecords, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxRecords, 1);
        cancellation.ThrowIfCancellationRequested();
        lock (gate)
        {
            ObjectDisposedException.ThrowIf(disposed, this);
            if (state != State.Idle)
            {
                throw new InvalidOperationException($"A read of {partition} is under way; a reader has one caller at a time.");
            }

            if (rest is not null)
            {
                return ValueTask.FromResult(TakeRest(maxRecords));
            }

            state = State.Running;
        }

        this.maxRecords = maxRecords;
        this.cancellation = cancellation;
        completion.Reset();
        var read = new ValueTask<RecordBatch>(this, completion.Version);
        registration = cancellation.UnsafeRegister(static reader => ((EmbeddedReader)reader!).CancelWaiting(), this);
        threads.Enqueue(this);
        return read;
    }

    public void Recycle(RecordBatch batch) => spare.Return(batch);

    public ValueTask DisposeAsync()
    {
        bool waiting;
        lock (gate)
        {
            disposed = true;
            waiting = LeaveWaiting();
        }

        if (waiting)
        {
            signals.Forget(partitionId, this);
            Fail(new ObjectDisposedException(nameof(IPartitionReader)));
        }

        closed(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>There are new records; or there may be.</summary>
    public void Wake()
    {
        bool waiting;
        lock (gate)
        {
            waiting = LeaveWaiting();
        }

        if (waiting)
        {
            threads.Enqueue(this);
        }
    }

    public void Run(ReadSession session)
    {
        try
        {
            while (!Ended())
            {
                if (partitionId < 0)
                {
                    Open(session);
                }

                var version = signals.Version(partitionId);
                if (session.Read(partition, partitionId, nextOffset, maxRecords, spare, ref rest) is { } batch)
                {
                    restTaken = 0;
                    nextOffset = (rest is null ? batch.Offsets[batch.Count - 1] : rest.Offsets[rest.Count - 1]) + 1;
                    Succeed(batch);
                    return;
                }

                RequirePartition(session);
                if (TryWait(version))
                {
                    return;
                }
            }
        }
        catch (Exception e)
        {
            Fail(e);
        }
    }

    public void Abandon() => Fail(new ObjectDisposedException(nameof(EmbeddedEventLog)));

    RecordBatch IValueTaskSource<RecordBatch>.GetResult(short token) => completion.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<RecordBatch>.GetStatus(short token) => completion.GetStatus(token);

    void IValueTaskSource<RecordBatch>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        completion.OnCompleted(continuation, state, token, flags);

    private void Open(ReadSession session)
    {
        var topic = session.FindTopic(partition.Topic) ?? throw LogArgument.NoTopic(partition.Topic, where);
        if ((uint)partition.Partition >= (uint)topic.Description.Partitions)
        {
            throw LogArgument.NoPartition(partition, topic.Description.Partitions, where);
        }

        var end = session.EndOffset(topic.PartitionId(partition.Partition));
        if (nextOffset > end)
        {
            throw LogArgument.BeyondEnd(partition, nextOffset, end, where);
        }

        partitionId = topic.PartitionId(partition.Partition);
    }

    private void RequirePartition(ReadSession session)
    {
        if (!session.PartitionExists(partitionId))
        {
            throw new EventLogException($"{partition} was deleted from {where} while it was read; open a new reader if the topic was made again.", retriable: false);
        }
    }

    private bool TryWait(long version)
    {
        lock (gate)
        {
            if (disposed || cancellation.IsCancellationRequested || !signals.TryWait(partitionId, version, this))
            {
                return false;
            }

            state = State.Waiting;
            return true;
        }
    }

    private bool Ended()
    {
        if (disposed)
        {
            Fail(new ObjectDisposedException(nameof(IPartitionReader)));
            return true;
        }

        if (cancellation.IsCancellationRequested)
        {
            Fail(new OperationCanceledException(cancellation));
            return true;
        }

        return false;
    }

    private void CancelWaiting()
    {
        bool waiting;
        lock (gate)
        {
            waiting = LeaveWaiting();
        }

        if (waiting)
        {
            signals.Forget(partitionId, this);
            threads.Enqueue(this);
        }
    }

    private bool LeaveWaiting()
    {
        if (state != State.Waiting)
        {
            return false;
        }

        state = State.Running;
        return true;
    }

    private void Succeed(RecordBatch batch)
    {
        NextOffset = batch.Offsets[batch.Count - 1] + 1;
        Finish();
        completion.SetResult(batch);
    }

    private void Fail(Exception failure)
    {
        Finish();
        completion.SetException(failure);
    }

    private void Finish()
    {
        registration.Dispose();
        lock (gate)
        {
            state = State.Idle;
        }
    }

    private RecordBatch TakeRest(int maxRecords)
    {
        var taken = rest!;
        if (restTaken == 0 && taken.Count <= maxRecords)
        {
            rest = null;
            NextOffset = taken.Offsets[taken.Count - 1] + 1;
            return taken;
        }

        var until = Math.Min(restTaken + maxRecords, taken.Count);
        var batch = spare.Take(until - restTaken, 0);
        batch.AddRange(taken, restTaken, until - restTaken);
        restTaken = until;
        NextOffset = batch.Offsets[batch.Count - 1] + 1;
        if (until == taken.Count)
        {
            rest = null;
            spare.Return(taken);
        }

        return batch;
    }
}
