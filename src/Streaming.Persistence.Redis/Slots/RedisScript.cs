using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace Streaming.Persistence.Redis.Slots;

/// <summary>
/// A script that the server knows by its hash. Sent as text, which the server then keeps, only when the server has forgotten it: after a
/// restart, a failover or SCRIPT FLUSH.
/// </summary>
internal sealed class RedisScript(string text)
{
    // The protocol names scripts by SHA-1; nothing is protected by it.
#pragma warning disable CA5350
    private readonly byte[] _hash = SHA1.HashData(Encoding.UTF8.GetBytes(text));
#pragma warning restore CA5350

    /// <summary>Runs it. All keys must have one hash tag.</summary>
    public async Task<RedisResult> RunAsync(IDatabase database, RedisKey[] keys, RedisValue[] arguments)
    {
        try
        {
            return await database.ScriptEvaluateAsync(_hash, keys, arguments);
        }
        catch (RedisServerException e) when (e.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            // Not the client's own EVAL, which would send the hash again where it believes the server to know it.
            object[] all = [text, keys.Length, .. keys.Select(key => (object)key), .. arguments.Select(argument => (object)argument)];
            return await database.ExecuteAsync("EVAL", all);
        }
    }
}
