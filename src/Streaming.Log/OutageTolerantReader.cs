// Hot: one call per read.
namespace Streaming.Log;

/// <summary>
/// Reads a partition through outages of its log. A read that fails as retriable is repeated by a new reader at the same offset once the
/// log answers again; <see cref="IOutageRetry"/> decides when to ask. Other failures fail the read. May be disposed while a read is under
/// way.
/// </summary>
public sealed class OutageTolerantReader(IEventLog log, TopicPartition partition, long fromOffset, IOutageRetry retry) : IPartitionReader
{
    private readonly CancellationTokenSource _life = new();
    private CancellationTokenSource? _either;
    private CancellationToken _callers;
    private Task _reading = Task.CompletedTask;
    private IPartitionReader? _reader;
    private int _disposed;

    /// <inheritdoc/>
    public long NextOffset { get; private set; } = fromOffset;

    /// <inheritdoc/>
    public ValueTask<RecordBatch> ReadAsync(int maxRecords, CancellationToken cancellation)
    {
        ObjectDisposedException.ThrowIf(_disposed != 0, this);
        var reading = ReadOnAsync(maxRecords, cancellation);
        _reading = reading;
        return new ValueTask<RecordBatch>(reading);
    }

    /// <inheritdoc/>
    public void Recycle(RecordBatch batch) => _reader?.Recycle(batch);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        await _life.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await CloseAsync();
        _either?.Dispose();
        _life.Dispose();
    }

    private async Task<RecordBatch> ReadOnAsync(int maxRecords, CancellationToken cancellation)
    {
        var either = Either(cancellation);
        try
        {
            while (true)
            {
                either.ThrowIfCancellationRequested();
                if (await TryReadAsync(maxRecords, either) is { } records)
                {
                    retry.Succeeded();
                    return records;
                }
            }
        }
        catch (OperationCanceledException) when (_disposed != 0 && !cancellation.IsCancellationRequested)
        {
            throw new ObjectDisposedException(nameof(OutageTolerantReader));
        }
    }

    /// <summary>Null after an outage that has ended.</summary>
    private async Task<RecordBatch?> TryReadAsync(int maxRecords, CancellationToken cancellation)
    {
        try
        {
            _reader ??= log.Read(partition, NextOffset);
            var records = await _reader.ReadAsync(maxRecords, cancellation);
            NextOffset = _reader.NextOffset;
            return records;
        }
        catch (EventLogException outage) when (outage.Retriable)
        {
            await CloseAsync();
            await WaitAsync(outage, cancellation);
            return null;
        }
    }

    // At the log's end a read returns only when a record arrives, so the end offset is asked for instead.
    private async Task WaitAsync(EventLogException outage, CancellationToken cancellation)
    {
        for (EventLogException? cause = outage; cause is not null;)
        {
            await retry.WaitAsync(cause, cancellation);
            try
            {
                await log.EndOffsetAsync(partition, cancellation);
                cause = null;
            }
            catch (EventLogException again) when (again.Retriable)
            {
                cause = again;
            }
        }

        retry.Answered();
    }

    private async Task CloseAsync()
    {
        if (_reader is { } reader)
        {
            _reader = null;
            await reader.DisposeAsync();
        }
    }

    /// <summary>Callers pass the same token to each read, so it is linked with the reader's lifetime once.</summary>
    private CancellationToken Either(CancellationToken callers)
    {
        if (_either is null || callers != _callers)
        {
            _either?.Dispose();
            _either = CancellationTokenSource.CreateLinkedTokenSource(callers, _life.Token);
            _callers = callers;
        }

        return _either.Token;
    }
}
