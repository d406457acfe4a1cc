using System.Globalization;
using System.Text.RegularExpressions;

namespace Streaming.Chaos.Folds;

/// <summary>
/// Which events of an entity count where their topic declares <c>duplicates { horizon = ... }</c>, by the rule in docs/feature-language.md: not
/// one whose id came before in its partition, at a time that is still within the horizon of the newest event before it.
/// </summary>
internal static partial class Duplicates
{
    /// <summary>The horizons that definitions declare, by topic; none for a topic that declares none.</summary>
    public static Dictionary<string, TimeSpan> HorizonsOf(string definitions) => Directory.EnumerateFiles(definitions, "*.conf")
        .SelectMany(file => Horizon().Matches(File.ReadAllText(file)))
        .ToDictionary(
            found => found.Groups["topic"].Value, found => TimeSpan.FromDays(int.Parse(found.Groups["days"].Value, CultureInfo.InvariantCulture)));

    /// <summary>Those that count.</summary>
    /// <param name="events">An entity's, those of a partition in their order.</param>
    /// <param name="time">The field with their time.</param>
    /// <param name="horizon">The topic's; null where all count.</param>
    public static IEnumerable<LogRecord> First(IEnumerable<LogRecord> events, string time, TimeSpan? horizon)
    {
        if (horizon is not { } span)
        {
            return events;
        }

        var counted = new List<LogRecord>();
        foreach (var partition in events.GroupBy(each => each.Partition))
        {
            var (newest, last) = (long.MinValue, new Dictionary<string, long>());
            foreach (var each in partition)
            {
                var (id, millis) = (each.Text("event_id")!, each.Millis(time));
                if (!last.TryGetValue(id, out var before) || before <= newest - (long)span.TotalMilliseconds)
                {
                    counted.Add(each);
                }

                (newest, last[id]) = (Math.Max(newest, millis), millis);
            }
        }

        return counted;
    }

    [GeneratedRegex(@"^\s*topic\s+(?<topic>[\w-]+)\s*\{\s*duplicates\s*\{\s*horizon\s*=\s*(?<days>\d+)d", RegexOptions.Multiline)]
    private static partial Regex Horizon();
}
