using System.Text.RegularExpressions;

namespace Streaming.Engine;

/// <content>Texts that others write, Akka above all, with entity keys somewhere in them.</content>
public static partial class Mask
{
    /// <summary>
    /// The text with what may be an entity key masked as <see cref="Key(string)"/> does: the last element of a sharding path, what sharding
    /// puts in brackets after "entity", and every run of 13 to 19 digits, which a card number is, unless it is a time: 13, 16 and 19 digits
    /// that begin with 14 to 19 are milliseconds, microseconds and nanoseconds of the years 2014 to 2033, and no card number of these
    /// lengths begins so.
    /// </summary>
    public static string Text(string text)
    {
        var masked = InPath().Replace(text, match => match.Groups["before"].Value + Key(match.Groups["key"].Value));
        masked = InBrackets().Replace(masked, match => $"{match.Groups["before"].Value}{Keys(match.Groups["keys"].Value)}]");
        return CardNumber().Replace(masked, match => Key(match.Value));
    }

    private static string Keys(string keys) => string.Join(", ", keys.Split(',', StringSplitOptions.TrimEntries).Select(Key));

    // Ids of sources hold no key. A shard's name is a number; below "singleton" is a coordinator.
    [GeneratedRegex(@"(?<before>/sharding/(?!partition-sources/)[^/\s\]]+/(?!singleton/)[^/\s\]]+/)(?<key>[^/\s\]\)#,;""']+)")]
    private static partial Regex InPath();

    [GeneratedRegex(@"(?<before>\bentit(?:y|ies)(?: ids?)? ?\[)(?<keys>[^\]]+)\]", RegexOptions.IgnoreCase)]
    private static partial Regex InBrackets();

    [GeneratedRegex(@"(?<![0-9])(?!1[4-9](?:[0-9]{11}|[0-9]{14}|[0-9]{17})(?![0-9]))[0-9]{13,19}(?![0-9])")]
    private static partial Regex CardNumber();
}
