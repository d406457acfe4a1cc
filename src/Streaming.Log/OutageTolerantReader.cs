// Hot: one call per read.
namespace Streaming.Log;

/// <summary>
/// Reads a partition through outages of its log: a read that fails as retriable is tried again by a new reader from the same offset, when
/// the hold says so and once the log answers. Mistakes (<see cref="EventLogException.Retriable"/> is false) fail the read. May be
/// disposed while a read is under way.
/// </summary>
public sealed class OutageTolerantReader(IEventLog log, TopicPartition partition, long fromOffset, IOutageHold hold) : IPartitionReader
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
                    hold.Succeeded();
                    return records;
                }
            }
        }
        catch (OperationCanceledException) when (_disposed != 0 && !cancellation.IsCancellationRequested)
        {
            throw new ObjectDisposedException(nameof(OutageTolerantReader));
        }
    }

    /// <summary>Null after an outage that is over.</summary>
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

    // A read at the log's end says nothing until an event comes; so the log is asked something that it answers at once.
    private async Task WaitAsync(EventLogException outage, CancellationToken cancellation)
    {
        for (EventLogException? cause = outage; cause is not null;)
        {
            await hold.WaitAsync(cause, cancellation);
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

        hold.Answered();
    }

    private async Task CloseAsync()
    {
        if (_reader is { } reader)
        {
            _reader = null;
            await reader.DisposeAsync();
        }
    }

    /// <summary>Callers give the same token with each read, so it is joined with the reader's life once.</summary>
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
