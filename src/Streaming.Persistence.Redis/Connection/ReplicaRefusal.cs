using StackExchange.Redis;

namespace Streaming.Persistence.Redis.Connection;

/// <summary>
/// A server that says it is a replica was the primary when the client last looked. The client then looks again at once, in the background,
/// instead of at its next check.
/// </summary>
internal sealed class ReplicaRefusal(IConnectionMultiplexer multiplexer)
{
    private int _looking;

    /// <summary>How often the client was told to look again.</summary>
    public int Reconfigurations { get; private set; }

    /// <summary>Whether a failure is such a refusal.</summary>
    public static bool Is(Exception? failure) => failure is not null && (IsRefusal(failure.Message) || Is(failure.InnerException));

    // A transaction does not tell which of its commands was refused, and why.
    private static bool IsRefusal(string said) =>
        said.StartsWith("READONLY", StringComparison.Ordinal)
        || said.StartsWith("EXECABORT", StringComparison.Ordinal)
        || said.Contains("cannot be issued to a replica", StringComparison.OrdinalIgnoreCase);

    /// <summary>Looks again if the failure is such a refusal and nobody looks already.</summary>
    /// <returns>The looking; it never fails.</returns>
    public Task NoticeAsync(Exception failure)
    {
        if (!Is(failure) || Interlocked.Exchange(ref _looking, 1) == 1)
        {
            return Task.CompletedTask;
        }

        Reconfigurations++;
        return LookAsync();
    }

    private async Task LookAsync()
    {
        try
        {
            await multiplexer.ConfigureAsync();
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
        {
            // The caller's own failure is reported; the next refusal, or the client's check each 10 s, looks again.
        }
        finally
        {
            Volatile.Write(ref _looking, 0);
        }
    }
}
