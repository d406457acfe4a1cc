using StackExchange.Redis;

namespace Streaming.Persistence.Redis.Plugins;

/// <summary>Commands that the server runs as a whole, or not at all.</summary>
internal static class PluginTransaction
{
    /// <summary>Runs it.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="parts">Its commands.</param>
    public static async Task RunAsync(ITransaction transaction, params Task[] parts)
    {
        if (!await transaction.ExecuteAsync())
        {
            throw new RedisCommandException("Redis did not run the transaction");
        }

        await Task.WhenAll(parts);
    }
}
