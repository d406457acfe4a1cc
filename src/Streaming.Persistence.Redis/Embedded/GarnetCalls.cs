using Tsavorite.core;

namespace Streaming.Persistence.Redis.Embedded;

/// <summary>
/// What is asked of a Garnet that runs, each within a bound, whether it heeds cancellation or not. Thread-safe.
/// </summary>
/// <param name="garnet">The server.</param>
/// <param name="answerWithin">How long a commit may take before it is told as one that hangs.</param>
/// <param name="endWithin">How long its end may take.</param>
internal sealed class GarnetCalls(IGarnet garnet, TimeSpan answerWithin, TimeSpan endWithin)
{
    private readonly Lock _gate = new();
    private Task _commit = Task.CompletedTask;
    private Task? _ending;

    /// <summary>How long a commit may take.</summary>
    public TimeSpan AnswerWithin => answerWithin;

    /// <summary>
    /// Why its log of writes is not written: the failure, or a <see cref="TimeoutException"/> where it takes too long; null while it is.
    /// </summary>
    public async Task<Exception?> FailureAsync()
    {
        try
        {
            await Commit().WaitAsync(answerWithin);
            return null;
        }
        catch (TimeoutException late)
        {
            return late;
        }
#pragma warning disable CA1031 // Garnet throws bare exceptions, too.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return failure.InnerException ?? failure;
        }
    }

    /// <summary>Writes the log's end to the file, if the disk takes it in time.</summary>
    public async Task CommitAsync()
    {
        using var bound = new CancellationTokenSource(endWithin);
        try
        {
            await Task.Run(() => garnet.CommitAsync(bound.Token), CancellationToken.None).WaitAsync(endWithin);
        }
        catch (Exception unwritten) when (unwritten is CommitFailureException or TimeoutException or OperationCanceledException)
        {
            // The disk is full or hangs: what was not written was not answered, or wait-for-log is off.
        }
    }

    /// <summary>Ends it; connections are closed. Called again, it waits for the same end.</summary>
    /// <exception cref="SlotStoreException">It has not ended in time.</exception>
    public async Task EndAsync()
    {
        Task ending;
        lock (_gate)
        {
            ending = _ending ??= Task.Run(garnet.Dispose);
        }

        try
        {
            await ending.WaitAsync(endWithin);
        }
        catch (TimeoutException late)
        {
            throw new SlotStoreException(
                FormattableString.Invariant($"Garnet has not ended within {endWithin.TotalSeconds:0.###} s"), retriable: true, late);
        }
    }

    // One that hangs is waited for again, not asked again.
    private Task Commit()
    {
        lock (_gate)
        {
            return _commit.IsCompleted ? _commit = Task.Run(() => garnet.WaitForCommitAsync(CancellationToken.None)) : _commit;
        }
    }
}
