// Hot: looks at every request; only a refusal allocates.
using System.Collections.Immutable;
using System.Net;
using Streaming.Node.Settings;

namespace Streaming.Node.Http;

/// <summary>
/// Keeps foreign web pages out of a node: it refuses host names that are not its own (DNS rebinding), and writes by pages of another
/// origin.
/// </summary>
internal sealed class RequestGuard(HttpSettings http)
{
    private const string FetchSite = "Sec-Fetch-Site";
    private readonly bool _isLoopback = IPAddress.IsLoopback(http.Listen.Address);
    private readonly bool _isAnyHost = http.Hosts.Contains("*");

    /// <summary>Why a request is not answered; null if it is.</summary>
    public Problem? ProblemOf(HttpRequest request)
    {
        var host = request.Headers.Host is [{ Length: > 0 } found, ..] ? found : null;
        if (host is not null && !IsAnswered(NameOf(host)))
        {
            return Problems.UnknownHost(host, _isLoopback);
        }

        if (!IsWrite(request.Method))
        {
            return null;
        }

        if (request.Headers.Origin is [{ } origin, ..])
        {
            return IsSame(origin, host, request.IsHttps) || Holds(http.Origins, origin) ? null : Problems.ForeignOrigin("Origin", origin);
        }

        // A page can keep its origin back; that it is another site's, or another port's, the browser says all the same.
        return request.Headers[FetchSite] is ["cross-site" or "same-site", ..] site
            ? Problems.ForeignOrigin(FetchSite, site[0]!)
            : null;
    }

    /// <summary>A host without its port and without a final dot.</summary>
    private static ReadOnlySpan<char> NameOf(string host)
    {
        var port = host.LastIndexOf(':');
        return (port > host.LastIndexOf(']') ? host.AsSpan(0, port) : host).TrimEnd('.');
    }

    /// <summary>
    /// An IP address cannot be a foreign DNS name. If the node listens on the loopback only, it is still another machine's.
    /// </summary>
    private bool IsAnswered(ReadOnlySpan<char> name) =>
        name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || name is "127.0.0.1" or "[::1]"
        || _isAnyHost || Holds(http.Hosts, name) || (!_isLoopback && IPAddress.TryParse(name, out _));

    private static bool IsWrite(string method) =>
        !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method);

    /// <summary>Whether a page has the node's own origin. A proxy may terminate TLS, so that https there is http here.</summary>
    private static bool IsSame(string origin, string? host, bool isHttps)
    {
        var scheme = origin.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? "https://".Length
            : !isHttps && origin.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? "http://".Length : 0;
        return scheme > 0 && host is not null && origin.AsSpan(scheme).Equals(host, StringComparison.OrdinalIgnoreCase);
    }

    private static bool Holds(ImmutableArray<string> names, ReadOnlySpan<char> name)
    {
        foreach (var one in names)
        {
            if (name.Equals(one, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
