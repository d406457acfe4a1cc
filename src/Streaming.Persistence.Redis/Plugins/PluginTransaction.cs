using StackExchange.Redis;

namespace Streaming.Persistence.Redis.Plugins;

/// <summary>Commands that the server runs as a whole, or not at all.</summary>
internal static class PluginTransaction
{
    /// <summary>Runs it.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="doing">What it does, for the failure.</param>
    /// <param name="parts">Its commands.</param>
    public static async Task RunAsync(ITransaction transaction, string doing, params Task[] parts)
    {
        try
        {
            if (!await transaction.ExecuteAsync())
            {
                throw new RedisCommandException($"Redis did not run the transaction: {doing}");
            }

            await Task.WhenAll(parts);
        }
        catch (RedisServerException aborted) when (aborted.Message.StartsWith("EXECABORT", StringComparison.Ordinal))
        {
            // The client does not hand on what the single commands were answered.
            throw new RedisCommandException(
                $"{doing} failed: Redis refused a command of the transaction. The server is a replica, its memory is full, or the user " +
                "may not do that; its log says which. The client looks for the primary.",
                aborted);
        }
    }
}
