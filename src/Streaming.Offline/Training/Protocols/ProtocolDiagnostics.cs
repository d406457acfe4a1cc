using System.Globalization;
using Streaming.Hocon;

namespace Streaming.Offline.Training.Protocols;

/// <summary>Every text about a mistake in a training that the language's own diagnostics do not cover. Codes never change their meaning.
/// </summary>
internal static class ProtocolDiagnostics
{
    public static Diagnostic Duplicate(SourcePosition at, string name, SourcePosition first) =>
        new("TR001", at, $"the training \"{name}\" is declared at {first} already; rename or remove one");

    public static Diagnostic UnknownWord(SourcePosition at, string key, string found, IEnumerable<string> known) =>
        new(
            "TR002",
            at,
            $"\"{key}\" is \"{found}\", expected {string.Join(", ", known)}{NearestName.Phrase(found, known, lead: null)}");

    public static Diagnostic NotADay(SourcePosition at, string key, string found) =>
        new("TR003", at, $"\"{key}\" has \"{found}\", expected a day such as \"2018-07-25\"");

    public static Diagnostic NotWholeDays(SourcePosition at, string key, string found) =>
        new("TR004", at, $"\"{key}\" is \"{found}\", expected whole days such as 7d");

    public static Diagnostic OutOfRange(SourcePosition at, string key, double found, double least, double most, bool isWhole) =>
        new("TR005", at, string.Create(
            CultureInfo.InvariantCulture,
            $"\"{key}\" is {found}, expected a {(isWhole ? "whole " : "")}number from {least} to {most}"));

    public static Diagnostic Peeks(SourcePosition at, DateTimeOffset validation, DateTimeOffset test) =>
        new(
            "TR006",
            at,
            $"the validation fold of {Day(validation)} ends after {Day(test)}, when the test days of a fold begin: parameters would be " +
            "chosen on rows that models are compared on; take earlier days");

    public static Diagnostic UnknownService(SourcePosition at, string found, IReadOnlyList<string> known) =>
        new("TR007", at, $"found the feature service \"{found}\", expected a declared one{NearestName.Phrase(found, known)}");

    public static Diagnostic WrongField(SourcePosition at, string key, string found, string expected, IReadOnlyList<string> known) =>
        new("TR008", at, $"\"{key}\" is \"{found}\", expected {expected}{NearestName.Phrase(found, known)}");

    public static Diagnostic UnknownFeature(SourcePosition at, string found, string service, IReadOnlyList<string> known) =>
        new("TR009", at, $"found \"{found}\", expected a feature of the service \"{service}\"{NearestName.Phrase(found, known)}");

    public static Diagnostic NoMap(SourcePosition at, string reason) => new("TR010", at, reason);

    public static Diagnostic OtherDefinitions(SourcePosition at, string file) =>
        new("TR011", at, $"there is no file {file} of feature definitions; it is relative to this file");

    public static Diagnostic NoSource(SourcePosition at, string file, string reason) =>
        new("TR012", at, $"{file} is no Avro schema of a record: {reason}; it is relative to this file");

    public static Diagnostic LooksIntoTest(SourcePosition at, string split, int delayDays, long withinMillis) =>
        new("TR013", at, string.Create(
            CultureInfo.InvariantCulture,
            $"the labels look {TimeSpan.FromMilliseconds(withinMillis).TotalDays:0.##} days ahead, and \"{split}\" waits {delayDays}: ") +
            "what is learnt from would tell of the days that are tested on; wait at least as long");

    public static Diagnostic NoCards(SourcePosition at) =>
        new("TR014", at, "\"choose-by\" is \"card_precision\", which needs \"card\", the field that names a row's card");

    public static Diagnostic OtherVector(SourcePosition at, string served, string service, string difference) =>
        new(
            "TR015",
            at,
            $"\"serve-as\" is \"{served}\", whose features must be those of \"{service}\" in the same order, from views of other names " +
            $"or the same: {difference}");

    private static string Day(DateTimeOffset day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
