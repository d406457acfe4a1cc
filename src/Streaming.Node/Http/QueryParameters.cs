// Hot: every scoring request is looked at, nearly none has a query.
namespace Streaming.Node.Http;

/// <summary>A query parameter that a route does not know is refused: misspelt, it would be passed over unnoticed.</summary>
internal static class QueryParameters
{
    /// <summary>The first parameter that is not known; null where there is none.</summary>
    public static string? FindUnknown(HttpRequest request, params ReadOnlySpan<string> known)
    {
        if (!request.QueryString.HasValue)
        {
            return null;
        }

        foreach (var name in request.Query.Keys)
        {
            if (!known.Contains(name))
            {
                return name;
            }
        }

        return null;
    }

    /// <summary>The problem of a parameter that is not known; null where there is none.</summary>
    public static Problem? Unknown(HttpRequest request, params ReadOnlySpan<string> known) =>
        FindUnknown(request, known) is { } found ? Problems.UnknownParameter(found, known.ToArray()) : null;

    /// <summary>What is known, for people.</summary>
    public static string Expected(IReadOnlyList<string> known) =>
        known.Count == 0 ? "this route takes none" : $"expected {string.Join(" or ", known.Select(name => $"\"{name}\""))}";
}
