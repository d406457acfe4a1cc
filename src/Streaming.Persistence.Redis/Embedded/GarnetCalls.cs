using Garnet;
using Tsavorite.core;

namespace Streaming.Persistence.Redis.Embedded;

/// <summary>What is asked of a Garnet that runs, each within a bound.</summary>
internal static class GarnetCalls
{
    private static readonly TimeSpan s_answerWithin = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_endWithin = TimeSpan.FromSeconds(10);

    /// <summary>Why its log of writes cannot be written; null while it can, or is slow.</summary>
    public static async Task<Exception?> FailureAsync(GarnetServer server)
    {
        using var bound = new CancellationTokenSource(s_answerWithin);
        try
        {
            await server.Store.WaitForCommitAsync(bound.Token);
            return null;
        }
        catch (OperationCanceledException)
        {
            // The disk is slow.
            return null;
        }
#pragma warning disable CA1031 // Garnet throws bare exceptions, too.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return failure.InnerException ?? failure;
        }
    }

    /// <summary>Writes the log's end to the file, if the disk takes it.</summary>
    public static async Task CommitAsync(GarnetServer server)
    {
        using var bound = new CancellationTokenSource(s_endWithin);
        try
        {
            await server.Store.CommitAOFAsync(bound.Token);
        }
        catch (CommitFailureException)
        {
            // The disk is full: what was not written was not answered, or wait-for-log is off.
        }
    }

    /// <summary>Ends it; connections are closed.</summary>
    /// <exception cref="SlotStoreException">It has not ended in time.</exception>
    public static async Task EndAsync(GarnetServer server)
    {
        try
        {
            await Task.Run(server.Dispose).WaitAsync(s_endWithin);
        }
        catch (TimeoutException late)
        {
            throw new SlotStoreException($"Garnet has not ended within {s_endWithin.TotalSeconds} s", retriable: true, late);
        }
    }
}
