using System.Net.Sockets;
using StackExchange.Redis;

namespace Streaming.Persistence.Redis.Connection;

/// <summary>What the client's failures mean to a caller of the slots.</summary>
internal static class RedisFailure
{
    /// <summary>Whether it is a failure of the client or the server, rather than of this program.</summary>
    public static bool Is(Exception failure) =>
        failure is RedisException or TimeoutException or SocketException or IOException or ObjectDisposedException;

    /// <param name="failure">What the client threw.</param>
    /// <param name="where">Which servers.</param>
    /// <param name="doing">The request.</param>
    /// <param name="trouble">Why the connection is down; null when it is not, or that is not known.</param>
    public static SlotStoreException Of(Exception failure, string where, string doing, Exception? trouble)
    {
        if (failure is RedisServerException)
        {
            var (ofServer, again) = OfServer(failure.Message);
            return new($"Redis {where}: {doing} failed: {FirstSentence(failure.Message)} {ofServer}", again, failure);
        }

        // A call that only timed out does not know that the connection was refused.
        var (advice, retriable) = OfClient(trouble is not null && OfClient(failure).Retriable ? trouble : failure);
        var last = trouble is null ? "" : $" Last error of the connection: {FirstSentence((trouble.InnerException ?? trouble).Message)}";
        return new($"Redis {where}: {doing} failed: {FirstSentence(failure.Message)}{last} {advice}", retriable, failure);
    }

    private static (string Advice, bool Retriable) OfServer(string said) => said.Split(' ')[0] switch
    {
        "NOAUTH" or "WRONGPASS" => Credentials,
        "NOPERM" => ("The user may not do that: docs/persistence.md lists the commands that its ACL must allow.", false),
        "READONLY" => ("The server is a replica; the client looks for the primary. This is an outage; try again.", true),
        "OOM" => ("The server's memory is full (maxmemory): raise it, and keep maxmemory-policy noeviction.", true),
        "MISCONF" => ("The server cannot write to its disk: look at its log and its disk.", true),
        "NOREPLICAS" => ("The server has fewer replicas than min-replicas-to-write asks for.", true),
        "LOADING" or "CLUSTERDOWN" or "MASTERDOWN" or "TRYAGAIN" or "BUSY" or "MOVED" or "ASK" => (Outage, true),
        _ => ("Look at the server's version (7 or later) and that nothing else writes under streaming.redis.key-prefix.", false),
    };

    private static (string Advice, bool Retriable) OfClient(Exception failure) => failure switch
    {
        _ when IsTls(failure) => ("TLS failed: look at streaming.redis.tls. Trying again will not help.", false),
        RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure } when !IsCut(failure) => Credentials,
        _ => (Outage, true),
    };

    // When its own time-out, or the network, has once cut a TLS handshake, the client calls every failure to connect an authentication
    // failure, and names the type of that first exception.
    private static bool IsCut(Exception failure) =>
        failure.Message.Contains("are configured correctly: (", StringComparison.Ordinal)
        && !failure.Message.Contains($"({nameof(RedisServerException)})", StringComparison.Ordinal);

    private static bool IsTls(Exception failure) =>
        failure is System.Security.Authentication.AuthenticationException
        || failure.Message.Contains("AuthenticationException", StringComparison.Ordinal)
        || failure.Message.Contains("RemoteCertificate", StringComparison.Ordinal)
        || (failure.InnerException is { } inner && IsTls(inner));

    private static (string Advice, bool Retriable) Credentials =>
        ("The server refuses the credentials: look at streaming.redis.user and password. Trying again will not help.", false);

    private const string Outage = "This is an outage, or the server is busy; try again.";

    // The client appends its counters and a link; they stay in the inner exception.
    private static string FirstSentence(string said)
    {
        var end = said.IndexOf(", command=", StringComparison.Ordinal);
        var text = (end > 0 ? said[..end] : said).Split('\n')[0].TrimEnd('.', ' ');
        return $"{(text.Length > 300 ? text[..300] : text)}.";
    }
}
