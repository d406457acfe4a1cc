using System.Collections.Immutable;
using System.Globalization;

namespace Streaming.Node.Settings;

/// <summary>Reads names of hosts and origins. One that no request has would match nothing in silence, so it is a fault.</summary>
internal static class HttpNames
{
    // Browsers have no pages of these; those of apps and extensions (capacitor://localhost) have schemes of their own.
    private static readonly string[] s_noPages = ["ftp", "ws", "wss", "file"];

    /// <summary>Host names and addresses without ports; <c>*</c> for any.</summary>
    public static ImmutableArray<string> Hosts(SettingsReader reader, string key) => reader.Words(
        key,
        HostOf,
        "a host name or an address without scheme, port and path, such as scores.example.com or [::1], or * for any");

    /// <summary>Schemes and hosts of pages.</summary>
    public static ImmutableArray<string> Origins(SettingsReader reader, string key) => reader.Words(
        key,
        OriginOf,
        "scheme://host, with the port if it is not the scheme's own and without a path, such as https://shop.example.com");

    /// <summary>The host as requests name it; null if the word has none.</summary>
    private static string? HostOf(string word)
    {
        if (word == "*")
        {
            return word;
        }

        var address = word.StartsWith(':') || word.Count(letter => letter == ':') > 1 && !word.Contains('[', StringComparison.Ordinal)
            ? $"[{word}]"
            : word;
        return UrlOf(address, "http://") is { } url ? NameOf(url) : null;
    }

    /// <summary>The origin as browsers send it; null if the word has none.</summary>
    private static string? OriginOf(string word)
    {
        var isWhole = word.Contains("://", StringComparison.Ordinal);
        if (!isWhole && !word.Contains('.', StringComparison.Ordinal))
        {
            return null;
        }

        return UrlOf(word, "https://") is { } url && NameOf(url) is { } host && !s_noPages.Contains(url.Scheme)
            ? $"{url.Scheme}://{host}{(url.IsDefaultPort ? string.Empty : string.Create(CultureInfo.InvariantCulture, $":{url.Port}"))}"
            : null;
    }

    private static Uri? UrlOf(string word, string scheme) =>
        Uri.TryCreate(word.Contains("://", StringComparison.Ordinal) ? word : scheme + word, UriKind.Absolute, out var url) ? url : null;

    // A request has a name in ASCII (xn--), and the guard leaves out a final dot.
    private static string? NameOf(Uri url)
    {
        var name = (url.HostNameType == UriHostNameType.IPv6 ? url.Host : url.IdnHost).TrimEnd('.');
        return name.Length > 0 && Uri.CheckHostName(name) != UriHostNameType.Unknown ? name : null;
    }
}
