// Hot: one read at a time; completes without an allocation of its own besides the batch.
using System.Threading.Tasks.Sources;

namespace Streaming.Log.Embedded;

/// <summary>
/// Reads one partition. A read is queued for a reading thread; one that finds nothing waits for a signal and is queued again.
/// All changes of state are made under the gate; the thread that runs the read owns offset and rest.
/// </summary>
internal sealed class EmbeddedReader : IPartitionReader, IReadJob, IValueTaskSource<RecordBatch>
{
    private readonly Lock _gate = new();
    private readonly SpareBatches _spare = new();
    private readonly ReadThreads _threads;
    private readonly AppendSignals _signals;
    private readonly TopicPartition _partition;
    private readonly string _where;
    private readonly Action<EmbeddedReader> _closed;
    private ManualResetValueTaskSourceCore<RecordBatch> _completion = new() { RunContinuationsAsynchronously = true };
    private CancellationTokenRegistration _registration;
    private CancellationToken _cancellation;
    private State _state;
    private bool _disposed;
    private long _partitionId = -1;
    private long _nextOffset;
    private int _maxRecords;
    private RecordBatch? _rest;
    private int _restTaken;

    public EmbeddedReader(
        ReadThreads threads, AppendSignals signals, TopicPartition partition, long fromOffset, string where, Action<EmbeddedReader> closed)
    {
        _threads = threads;
        _signals = signals;
        _partition = partition;
        _where = where;
        _closed = closed;
        _nextOffset = Math.Max(fromOffset, 0);
        NextOffset = _nextOffset;
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
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            if (_state != State.Idle)
            {
                throw new InvalidOperationException($"A read of {_partition} is under way; a reader has one caller at a time.");
            }

            if (_rest is not null)
            {
                return ValueTask.FromResult(TakeRest(maxRecords));
            }

            _state = State.Running;
        }

        _maxRecords = maxRecords;
        _cancellation = cancellation;
        _completion.Reset();
        var read = new ValueTask<RecordBatch>(this, _completion.Version);
        _registration = cancellation.UnsafeRegister(static reader => ((EmbeddedReader)reader!).CancelWaiting(), this);
        _threads.Enqueue(this);
        return read;
    }

    public void Recycle(RecordBatch batch) => _spare.Return(batch);

    public ValueTask DisposeAsync()
    {
        bool waiting;
        lock (_gate)
        {
            _disposed = true;
            waiting = LeaveWaiting();
        }

        if (waiting)
        {
            _signals.Forget(_partitionId, this);
            Fail(new ObjectDisposedException(nameof(IPartitionReader)));
        }

        _closed(this);
        return ValueTask.CompletedTask;
    }

    /// <summary>There are new records; or there may be.</summary>
    public void Wake()
    {
        bool waiting;
        lock (_gate)
        {
            waiting = LeaveWaiting();
        }

        if (waiting)
        {
            _threads.Enqueue(this);
        }
    }

    public void Run(ReadSession session)
    {
        try
        {
            while (!Ended())
            {
                if (_partitionId < 0)
                {
                    Open(session);
                }

                var version = _signals.Version(_partitionId);
                var next = _nextOffset;
                var batch = session.Read(_partition, _partitionId, ref next, _maxRecords, _spare, ref _rest);
                if (next > _nextOffset)
                {
                    _nextOffset = next;
                    _restTaken = 0;
                    Succeed(batch ?? _spare.Take(0, 0));
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

    RecordBatch IValueTaskSource<RecordBatch>.GetResult(short token) => _completion.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<RecordBatch>.GetStatus(short token) => _completion.GetStatus(token);

    void IValueTaskSource<RecordBatch>.OnCompleted(
        Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);

    private void Open(ReadSession session)
    {
        var topic = session.FindTopic(_partition.Topic) ?? throw LogArgument.NoTopic(_partition.Topic, _where);
        if ((uint)_partition.Partition >= (uint)topic.Description.Partitions)
        {
            throw LogArgument.NoPartition(_partition, topic.Description.Partitions, _where);
        }

        var end = session.EndOffset(topic.PartitionId(_partition.Partition));
        if (_nextOffset > end)
        {
            throw LogArgument.BeyondEnd(_partition, _nextOffset, end, _where);
        }

        _partitionId = topic.PartitionId(_partition.Partition);
    }

    private void RequirePartition(ReadSession session)
    {
        session.RequireEnd(_partition, _partitionId, _nextOffset);
        if (!session.PartitionExists(_partitionId))
        {
            throw new EventLogException(
                $"{_partition} was deleted from {_where} while it was read; open a new reader if the topic was made again.",
                retriable: false);
        }
    }

    private bool TryWait(long version)
    {
        lock (_gate)
        {
            if (_disposed || _cancellation.IsCancellationRequested || !_signals.TryWait(_partitionId, version, this))
            {
                return false;
            }

            _state = State.Waiting;
            return true;
        }
    }

    private bool Ended()
    {
        if (_disposed)
        {
            Fail(new ObjectDisposedException(nameof(IPartitionReader)));
            return true;
        }

        if (_cancellation.IsCancellationRequested)
        {
            Fail(new OperationCanceledException(_cancellation));
            return true;
        }

        return false;
    }

    private void CancelWaiting()
    {
        bool waiting;
        lock (_gate)
        {
            waiting = LeaveWaiting();
        }

        if (waiting)
        {
            _signals.Forget(_partitionId, this);
            _threads.Enqueue(this);
        }
    }

    private bool LeaveWaiting()
    {
        if (_state != State.Waiting)
        {
            return false;
        }

        _state = State.Running;
        return true;
    }

    private void Succeed(RecordBatch batch)
    {
        NextOffset = _rest is null ? _nextOffset : batch.Offsets[batch.Count - 1] + 1;
        Finish();
        _completion.SetResult(batch);
    }

    private void Fail(Exception failure)
    {
        Finish();
        _completion.SetException(failure);
    }

    private void Finish()
    {
        _registration.Dispose();
        lock (_gate)
        {
            _state = State.Idle;
        }
    }

    private RecordBatch TakeRest(int maxRecords)
    {
        var taken = _rest!;
        if (_restTaken == 0 && taken.Count <= maxRecords)
        {
            _rest = null;
            NextOffset = taken.Offsets[taken.Count - 1] + 1;
            return taken;
        }

        var until = Math.Min(_restTaken + maxRecords, taken.Count);
        var batch = _spare.Take(until - _restTaken, 0);
        batch.AddRange(taken, _restTaken, until - _restTaken);
        _restTaken = until;
        NextOffset = batch.Offsets[batch.Count - 1] + 1;
        if (until == taken.Count)
        {
            _rest = null;
            _spare.Return(taken);
        }

        return batch;
    }
}
