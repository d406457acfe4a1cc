using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using StackExchange.Redis;

namespace Streaming.Persistence.Redis.Connection;

/// <summary>Why a call failed, found among the client's exceptions, whose own texts tell it behind the client's counters.</summary>
/// <param name="Why">The cause, without an end.</param>
/// <param name="How">How to mend it: whole sentences.</param>
/// <param name="Retriable">Whether it ends by itself.</param>
internal sealed record RedisCause(string Why, string How, bool Retriable)
{
    private const int TextMax = 160;
    private const string SaidByServer = "(RedisServerException) ";
    private const string SimpleError = "SimpleError: ";

    /// <summary>The cause of a failed call.</summary>
    /// <param name="failure">What the client threw.</param>
    /// <param name="trouble">Why the connection is down: a call that only timed out does not know it. Null where it is not down.</param>
    /// <param name="target">The servers.</param>
    public static RedisCause Of(Exception failure, Exception? trouble, RedisTarget target) =>
        Find(failure, target) ?? (trouble is null ? null : Find(trouble, target)) ?? Unanswered(failure, trouble, target);

    /// <summary>The first line of a text, not too long.</summary>
    public static string Brief(string text)
    {
        // The client appends its counters.
        var end = text.IndexOf(", command=", StringComparison.Ordinal);
        var line = (end > 0 ? text[..end] : text).Split('\n')[0].TrimEnd('.', ' ', '\r');
        return line.Length > TextMax ? $"{line[..TextMax]}..." : line;
    }

    // The innermost exception knows most.
    private static RedisCause? Find(Exception failure, RedisTarget target)
    {
        var inner = failure.InnerException is { } deeper ? Find(deeper, target) : null;
        return inner ?? OfOne(failure, target);
    }

    private static RedisCause? OfOne(Exception failure, RedisTarget target) => failure switch
    {
        _ when WordOfServer(failure) is { } said => RedisRefusals.Of(said, target),
        AuthenticationException or CryptographicException => Tls(failure, target),
        SocketException { SocketErrorCode: SocketError.ConnectionReset } => Away(failure.Message, target, TlsDoubt(target)),
        SocketException { SocketErrorCode: not SocketError.OperationAborted } => Away(failure.Message, target),
        InvalidOperationException when failure.Message.Contains("protocol", StringComparison.Ordinal) =>
            new("what answers there is not Redis", $"Set {target.Settings.Address}.", Retriable: false),
        ObjectDisposedException => new("the connection is closed", "This process ends.", Retriable: true),
        RedisCommandException when failure.Message.Contains("database", StringComparison.OrdinalIgnoreCase) =>
            RedisRefusals.NoDatabase(target),
        _ => null,
    };

    // The client hands on what a server said while connecting in a plain exception, or in the text of its own.
    private static string? WordOfServer(Exception failure)
    {
        var text = failure.Message;
        var at = text.IndexOf(SaidByServer, StringComparison.Ordinal);
        var said = at >= 0 ? text[(at + SaidByServer.Length)..] : text;
        var isSimple = said.StartsWith(SimpleError, StringComparison.Ordinal);
        return isSimple || at >= 0 || failure is RedisServerException ? Brief(isSimple ? said[SimpleError.Length..] : said) : null;
    }

    private static RedisCause Tls(Exception failure, RedisTarget target) => new(
        $"TLS: {Brief(failure.Message)}", $"Look at {target.Settings.Tls}, and at the server's certificate.", Retriable: false);

    private static RedisCause Away(string why, RedisTarget target, string doubt = "") =>
        new(Brief(why), $"Start the server, or set {target.Settings.Address}.{doubt}", Retriable: true);

    private static RedisCause Unanswered(Exception failure, Exception? trouble, RedisTarget target) => (trouble ?? failure) switch
    {
        RedisConnectionException { FailureType: ConnectionFailureType.SocketClosed } =>
            Away("the server has closed the connection", target, TlsDoubt(target)),
        RedisConnectionException => Away($"no connection within {Text(target.ConnectTimeout)}", target, TlsDoubt(target)),
        TimeoutException =>
            new($"no answer within {Text(target.CallTimeout)}", "The server is busy, or out of reach; try again.", Retriable: true),
        var other => new(Brief(other.Message), "This is an outage; try again.", Retriable: true),
    };

    // A server that waits for TLS, or does not know it, hangs up or says nothing.
    private static string TlsDoubt(RedisTarget target) =>
        $" {target.Settings.Tls} is {(target.IsTls ? "on" : "off")}: does the server expect that?";

    private static string Text(TimeSpan time) => FormattableString.Invariant($"{time.TotalSeconds:0.###} s");
}
