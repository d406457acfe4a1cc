using Streaming.Hocon;

namespace Streaming.Scoring.Definitions;

/// <summary>
/// Mistakes of <c>inputs</c> and <c>output</c> that show without the file, and of <c>explain</c> and <c>describe</c>. Codes never
/// change their meaning.
/// </summary>
internal static class MappingDiagnostics
{
    public static Diagnostic UnknownFeature(SourcePosition at, string found, IReadOnlyList<string> known) =>
        new("MD020", at, $"found the feature \"{found}\", expected one of the model's feature service{NearestName.Phrase(found, known)}");

    public static Diagnostic ColumnAndClass(SourcePosition at) =>
        new("MD021", at, "\"output\" has both \"column\" and \"class\"; remove one");

    public static Diagnostic NotAColumn(SourcePosition at, string found) =>
        new("MD022", at, $"found \"{found}\", expected the number of a column, from 0");

    public static Diagnostic DottedInput(SourcePosition at, string found) =>
        new("MD023", at, $"\"{found}\" is an object, expected features; write an input's name that has dots in quotes");

    public static Diagnostic NotATop(SourcePosition at, string found) =>
        new("MD037", at, $"found \"{found}\", expected how many contributions an answer has, from 0 to {ExplainRules.Most}");

    public static Diagnostic UnknownDescribed(SourcePosition at, string found, IReadOnlyList<string> known) =>
        new(
            "MD038",
            at,
            $"found the feature \"{found}\", expected one of the model's feature service, in quotes{NearestName.Phrase(found, known)}");

    public static Diagnostic SecondCode(SourcePosition at, string code, string first) =>
        new("MD039", at, $"the code \"{code}\" is that of \"{first}\" already; a code stands for one feature");
}
