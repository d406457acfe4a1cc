namespace Streaming.Log.Embedded;

/// <summary>Something to write, awaited by its caller; many share a transaction.</summary>
internal abstract class WriteRequest
{
    private readonly Lock _gate = new();
    private State _state;
    private CancellationToken? _cancelled;

    private enum State
    {
        Queued,
        Writing,
        Written,
        Withdrawn,
    }

    /// <summary>Key and value bytes that it adds to the transaction.</summary>
    public virtual int Bytes => 0;

    /// <summary>
    /// Writes within the transaction. A failure that only concerns this request is returned, before anything was written; one after
    /// which the transaction cannot go on is thrown.
    /// </summary>
    protected abstract Exception? Apply(LogTransaction transaction);

    /// <summary>The transaction is committed.</summary>
    public abstract void Succeed();

    public abstract void Fail(Exception failure);

    /// <summary>
    /// Ends the caller's wait. A request that is still queued is never written; one that is part of a transaction may be committed. The
    /// caller may reuse its records in both cases.
    /// </summary>
    public void Cancel(CancellationToken cancellation)
    {
        lock (_gate)
        {
            _cancelled = cancellation;
            if (_state == State.Writing)
            {
                return;
            }

            _state = _state == State.Queued ? State.Withdrawn : _state;
        }

        EndWait(cancellation);
    }

    /// <summary>Applies it, unless it was withdrawn. From here on its records are copied, or it has failed.</summary>
    public Exception? TryApply(LogTransaction transaction)
    {
        lock (_gate)
        {
            if (_state == State.Withdrawn)
            {
                return null;
            }

            _state = State.Writing;
        }

        try
        {
            return Apply(transaction);
        }
        finally
        {
            lock (_gate)
            {
                _state = State.Written;
            }

            if (_cancelled is { } cancelled)
            {
                EndWait(cancelled);
            }
        }
    }

    protected abstract void EndWait(CancellationToken cancellation);
}

/// <summary>A request with a result for its caller.</summary>
internal abstract class WriteRequest<T> : WriteRequest
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<T> Task => _completion.Task;

    protected T Result { get; set; } = default!;

    public override void Succeed() => _completion.TrySetResult(Result);

    public override void Fail(Exception failure) => _completion.TrySetException(failure);

    protected override void EndWait(CancellationToken cancellation) => _completion.TrySetCanceled(cancellation);
}
