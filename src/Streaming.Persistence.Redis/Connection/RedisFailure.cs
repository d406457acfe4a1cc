using System.Net.Sockets;
using StackExchange.Redis;

namespace Streaming.Persistence.Redis.Connection;

/// <summary>The client's failures as ours: one line that says what failed, why, where, and how to mend it.</summary>
internal static class RedisFailure
{
    /// <summary>Whether it is a failure of the client or the server, rather than of this program.</summary>
    public static bool Is(Exception failure) =>
        failure is RedisException or RedisCommandException or TimeoutException or SocketException or IOException or ObjectDisposedException;

    /// <param name="failure">What the client threw.</param>
    /// <param name="doing">The request.</param>
    /// <param name="trouble">Why the connection is down; null when it is not, or that is not known.</param>
    /// <param name="target">The servers.</param>
    public static SlotStoreException Of(Exception failure, string doing, Exception? trouble, RedisTarget target)
    {
        var cause = RedisCause.Of(failure, trouble, target);
        return new($"Redis {target.Where}: {doing} failed: {cause.Why}. {cause.How}", cause.Retriable, failure);
    }
}
