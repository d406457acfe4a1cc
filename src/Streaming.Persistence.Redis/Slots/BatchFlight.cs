namespace Streaming.Persistence.Redis.Slots;

/// <summary>
/// Batches on their way, a limited number at once. After the first that fails no more are sent; all that were are awaited, so that none is
/// left behind when the caller hears of it.
/// </summary>
internal sealed class BatchFlight(int limit)
{
    private readonly Queue<Task> _sent = new(limit);
    private Exception? _failure;

    /// <summary>Waits until another may be sent.</summary>
    /// <returns>False when one has failed.</returns>
    public async Task<bool> HasRoomAsync()
    {
        if (_sent.Count == limit)
        {
            await AwaitOldestAsync();
        }

        return _failure is null;
    }

    /// <summary>Adds one that was sent.</summary>
    public void Add(Task batch) => _sent.Enqueue(batch);

    /// <summary>Waits for all. Throws the failure, that of a lost fence before any other.</summary>
    public async Task EndAsync()
    {
        while (_sent.Count > 0)
        {
            await AwaitOldestAsync();
        }

        if (_failure is not null)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);
        }
    }

    private async Task AwaitOldestAsync()
    {
        try
        {
            await _sent.Dequeue();
        }
        catch (Exception e) when (e is SlotFencedException or SlotStoreException or OperationCanceledException)
        {
            // Thrown by EndAsync.
            _failure = _failure is null || e is SlotFencedException ? e : _failure;
        }
    }
}
