using Streaming.Hocon;

namespace Streaming.Scoring.Models.Signatures;

/// <summary>
/// Where a definition's <c>inputs</c> and <c>output</c> do not fit the file: found when the file is loaded, and told with the place
/// in the definition as mistakes of definitions are. Codes never change their meaning.
/// </summary>
internal static class MappingFaults
{
    public static ModelException UnknownInput(string path, InputMapping mapping, IReadOnlyList<string> known) => Fault(
        "MD024",
        mapping.Position,
        $"\"inputs\" names \"{mapping.Input}\", but {path} has the {Counted.Of(known.Count, "input")} " +
        $"{string.Join(", ", known)}{NearestName.Phrase(mapping.Input, known)}");

    public static ModelException UnmappedInput(string path, string described, string name, InputMapping last) => Fault(
        "MD025",
        last.Position,
        $"{path} has an input {described} that \"inputs\" does not feed; add \"{name} = FEATURE\", or a list of features");

    public static ModelException WrongWidth(string path, InputMapping mapping, string described, int columns) => Fault(
        "MD026",
        mapping.Position,
        $"\"{mapping.Input}\" gets {Counted.Of(mapping.Features.Length, "feature")}, but the input {described} of {path} has " +
        $"{Counted.Of(columns, "column")}; list as many features, in the order of its columns");

    public static ModelException UnknownOutput(string path, OutputMapping mapping, IReadOnlyList<string> known) => Fault(
        "MD027",
        mapping.Position,
        $"\"output\" names \"{mapping.Name}\", but of the outputs of {path} scores can be read from " +
        $"{string.Join(", ", known)}{NearestName.Phrase(mapping.Name!, known)}");

    public static ModelException NoSuchColumn(string path, OutputMapping mapping, string described, int columns) => Fault(
        "MD028",
        mapping.Position,
        $"column {mapping.Column} is declared, but the output {described} of {path} has {Counted.Of(columns, "column")}, from 0 to " +
        $"{columns - 1}");

    public static ModelException NoSuchClass(string path, OutputMapping mapping, string described, IReadOnlyList<string> classes) => Fault(
        "MD029",
        mapping.Position,
        classes.Count == 0
            ? $"class {mapping.Class} is declared, but the output {described} of {path} has no names for its columns; write \"column = N\""
            : $"class {mapping.Class} is declared, but the output {described} of {path} has the classes {string.Join(", ", classes)}");

    private static ModelException Fault(string code, SourcePosition at, string message) =>
        new(new Diagnostic(code, at, message).ToString());
}
