using System.Text.RegularExpressions;

namespace Streaming.Chaos.Folds;

/// <summary>
/// Which events of an entity count where their topic declares <c>corrects-by</c>, by the rule in docs/feature-language.md: of those with one
/// value of the field, the one that became known last, and of several at once the last in the log.
/// </summary>
internal static partial class Corrections
{
    /// <summary>The fields that definitions declare, by topic.</summary>
    public static Dictionary<string, string> FieldsOf(string definitions) => Directory.EnumerateFiles(definitions, "*.conf")
        .SelectMany(file => Declared().Matches(File.ReadAllText(file)))
        .ToDictionary(found => found.Groups["topic"].Value, found => found.Groups["field"].Value);

    /// <summary>Those that count.</summary>
    /// <param name="events">An entity's, those of a partition in their order.</param>
    /// <param name="known">The field with the time of becoming known.</param>
    /// <param name="field">The topic's field; null where all count.</param>
    public static IEnumerable<LogRecord> Last(IEnumerable<LogRecord> events, string known, string? field) => field is null
        ? events
        : events.GroupBy(each => each.Text(field)).Select(each => each.OrderBy(one => one.Millis(known)).Last());

    [GeneratedRegex(@"^\s*topic\s+(?<topic>[\w-]+)\s*\{\s*corrects-by\s*=\s*(?<field>\w+)", RegexOptions.Multiline)]
    private static partial Regex Declared();
}
