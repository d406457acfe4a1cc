namespace Streaming.Contracts.Json;

/// <summary>What somebody may have meant by a name that does not exist.</summary>
internal static class NearestName
{
    /// <summary>The name with the fewest edits, if they are few for its length; null when nothing is near.</summary>
    public static string? Of(string name, IEnumerable<string> names)
    {
        var nearest = names.MinBy(candidate => Distance(Plain(name), Plain(candidate)));
        return nearest is not null && Distance(Plain(name), Plain(nearest)) <= Math.Max(1, nearest.Length / 3) ? nearest : null;
    }

    /// <summary>cardId, Card-ID and card_id are the same mistake.</summary>
    private static string Plain(string name) => name.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToLowerInvariant();

    /// <summary>Levenshtein's distance, one row at a time. Names are bounded, so the square is, too.</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 0; i < from.Length; i++)
        {
            var (diagonal, left) = (row[0], i + 1);
            row[0] = left;
            for (var j = 0; j < to.Length; j++)
            {
                var above = row[j + 1];
                left = Math.Min(Math.Min(left, above) + 1, diagonal + (from[i] == to[j] ? 0 : 1));
                (diagonal, row[j + 1]) = (above, left);
            }
        }

        return row[to.Length];
    }
}
