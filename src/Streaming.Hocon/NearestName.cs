namespace Streaming.Hocon;

/// <summary>The right name behind a misspelt one.</summary>
public static class NearestName
{
    private const int BeginningMin = 3;
    private const int ListedMax = 24;

    /// <summary>
    /// The candidate with the fewest typing mistakes between, if they are few for the length of the name; else the only one that the
    /// name is the beginning of (<c>card</c> of <c>card_id</c>); else null.
    /// </summary>
    public static string? Find(string found, IEnumerable<string> candidates)
    {
        string? nearest = null;
        string? longer = null;
        var longerOnes = 0;
        var best = Math.Max(1, found.Length / 3) + 1;
        foreach (var candidate in candidates)
        {
            if (Math.Abs(candidate.Length - found.Length) < best && Distance(found, candidate) is var distance && distance < best)
            {
                nearest = candidate;
                best = distance;
            }

            if (found.Length >= BeginningMin && candidate.StartsWith(found, StringComparison.OrdinalIgnoreCase))
            {
                longer = candidate;
                longerOnes++;
            }
        }

        return nearest ?? (longerOnes == 1 ? longer : null);
    }

    /// <summary>The end of a message about a name that is not known: <c>; did you mean "amount"?</c>, else those that are.</summary>
    /// <param name="found">The name that was found.</param>
    /// <param name="known">The names that are known.</param>
    /// <param name="lead">What leads to the known ones where none is near; null leaves them out.</param>
    /// <param name="quote">What stands around a name.</param>
    public static string Phrase(string found, IEnumerable<string> known, string? lead = ": ", char quote = '"')
    {
        var names = known.Distinct().ToList();
        return Find(found, names) is { } nearest ? $"; did you mean {quote}{nearest}{quote}?"
            : lead is null ? ""
            : names.Count == 0 ? "; there is none"
            : $"{lead}{string.Join(", ", names.Take(ListedMax))}{(names.Count > ListedMax ? ", ..." : "")}";
    }

    /// <summary>
    /// Insertions, deletions, substitutions and swaps of neighbours, case ignored: Damerau-Levenshtein in its restricted form
    /// (optimal string alignment).
    /// </summary>
    public static int Distance(string from, string to)
    {
        var d = new int[from.Length + 1, to.Length + 1];
        for (var i = 0; i <= from.Length; i++)
        {
            d[i, 0] = i;
        }

        for (var j = 0; j <= to.Length; j++)
        {
            d[0, j] = j;
        }

        for (var i = 1; i <= from.Length; i++)
        {
            for (var j = 1; j <= to.Length; j++)
            {
                var changed = Same(from[i - 1], to[j - 1]) ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + changed);
                if (i > 1 && j > 1 && Same(from[i - 1], to[j - 2]) && Same(from[i - 2], to[j - 1]))
                {
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
                }
            }
        }

        return d[from.Length, to.Length];
    }

    private static bool Same(char a, char b) => char.ToUpperInvariant(a) == char.ToUpperInvariant(b);
}
