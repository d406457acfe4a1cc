using System.Globalization;

namespace Streaming.Hocon;

/// <summary>
/// Every text about the syntax of a file and the shape of what stands at a key. A code never changes its meaning;
/// docs/feature-language.md shows each with a wrong sample and its fix.
/// </summary>
internal static class HoconDiagnostics
{
    public static Diagnostic Unexpected(SourcePosition at, string found, string expected) =>
        new("FV001", at, $"found {found}, expected {expected}");

    public static Diagnostic Unclosed(SourcePosition at, string opening, string closing) =>
        new(
            "FV002",
            at,
            $"{opening} is never closed, expected {closing} before the end of the {(opening is "\"" or "${" ? "line" : "file")}");

    public static Diagnostic BadEscape(SourcePosition at, string found) =>
        new("FV003", at, $"found the escape {found}, expected one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX");

    public static Diagnostic TooDeep(SourcePosition at, int limit) =>
        new(
            "FV004",
            at,
            string.Create(CultureInfo.InvariantCulture, $"nested deeper than {limit} levels; the rest of the file is not read"));

    public static Diagnostic DuplicateKey(SourcePosition at, string key, SourcePosition first) =>
        new("FV013", at, $"\"{key}\" is given at {first} already; remove one");

    public static Diagnostic UnknownKey(SourcePosition at, string key, string owner, IEnumerable<string> known) =>
        new("FV014", at, $"found the key \"{key}\", expected a key of {owner}{NearestName.Phrase(key, known)}");

    public static Diagnostic MissingKey(SourcePosition at, string key, string owner, string sample) =>
        new("FV015", at, $"{owner} has no \"{key}\", expected for instance {sample}");

    public static Diagnostic WrongShape(SourcePosition at, string key, string found, string expected) =>
        new("FV016", at, $"\"{key}\" is {found}, expected {expected}");

    public static Diagnostic Empty(SourcePosition at, string key, string expected) =>
        new("FV017", at, $"\"{key}\" is empty, expected {expected}");

    public static Diagnostic NotADuration(SourcePosition at, string found) =>
        new("FV024", at, $"found \"{found}\", expected a duration of at most 36500 days: a whole number and ms, s, m, h or d, such as 7d");

    public static Diagnostic DurationTooSmall(SourcePosition at, string key, string found, string expected) =>
        new("FV025", at, $"\"{key}\" is {found}, expected {expected}");

    public static Diagnostic NotANumber(SourcePosition at, string key, string found) =>
        new("FV039", at, $"\"{key}\" is \"{found}\", expected a number");
}
