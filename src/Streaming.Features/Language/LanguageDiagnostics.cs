using System.Globalization;
using Streaming.Features.Events;
using Streaming.Hocon;

namespace Streaming.Features.Language;

/// <summary>
/// Every text that the language says about a mistake: what was found, what was expected, and the nearest right name. A code never
/// changes its meaning; docs/feature-language.md shows each with a wrong sample and its fix.
/// </summary>
internal static class LanguageDiagnostics
{
    private const string TakenWords = "\"request\", true, false, and, or, not and in are taken";

    // FV001-FV009: the syntax of a file.
    public static Diagnostic NotInDefinitions(SourcePosition at, string found) =>
        new("FV005", at, $"found {found}, but definition files are read as they stand; write the value itself");

    // FV010-FV019: what a file may declare, and the shape of it.
    public static Diagnostic UnknownDeclaration(SourcePosition at, string found, string word, IEnumerable<string> known) =>
        new(
            "FV010",
            at,
            $"found \"{found}\", expected \"feature-view NAME\", \"feature-service NAME\" or \"topic NAME\"" +
            NearestName.Phrase(word, known, lead: null));

    public static Diagnostic InvalidName(SourcePosition at, string kind, string found) =>
        new("FV011", at, $"\"{found}\" is not a valid {kind} name, expected a letter or _, then letters, digits or _; {TakenWords}");

    public static Diagnostic DuplicateName(SourcePosition at, string kind, string name, SourcePosition first) =>
        new("FV012", at, $"the {kind} \"{name}\" is declared at {first} already; rename or remove one");

    // FV020-FV029: views, their fields and times.
    public static Diagnostic UnknownSource(SourcePosition at, string found, IEnumerable<string> known) =>
        new("FV020", at, $"found the source \"{found}\", expected a declared event source{NearestName.Phrase(found, known)}");

    public static Diagnostic UnknownField(SourcePosition at, string found, EventSource source) =>
        new(
            "FV021",
            at,
            $"found \"{found}\", expected a field of {source.Name}{NearestName.Phrase(found, source.Fields.Select(field => field.Name))}");

    public static Diagnostic KeyNotText(SourcePosition at, SourceField field) =>
        new("FV022", at, $"the key \"{field.Name}\" is a {NameOf(field.Type)}, expected a text");

    public static Diagnostic TimeNotTime(SourcePosition at, SourceField field) =>
        new("FV023", at, $"the time \"{field.Name}\" is a {NameOf(field.Type)}, expected a time");

    public static Diagnostic DuplicateWindow(SourcePosition at, string label, string first) =>
        new("FV026", at, $"the window {label} is there as {first} already; remove one");

    public static Diagnostic EntityOfTwoNames(
        SourcePosition at, string found, string source, string key, string known, SourcePosition first) =>
        new("FV027", at, $"found the entity \"{found}\", but {key} of {source} names a \"{known}\" at {first}; did you mean \"{known}\"?");

    public static Diagnostic IdNotText(SourcePosition at, SourceField field) =>
        new("FV028", at, $"the id \"{field.Name}\" is a {NameOf(field.Type)}, expected a text");

    public static Diagnostic IdUnnamed(SourcePosition at, EventSource source, string usual) =>
        new(
            "FV029",
            at,
            $"{source.Name} has no text field \"{usual}\"; say which field is the id, for instance id = " +
            $"{source.Fields.FirstOrDefault(field => field.Type == FieldType.Text)?.Name ?? usual}");

    // FV030-FV049: features and their aggregations.
    public static Diagnostic UnknownAggregation(SourcePosition at, string found, IEnumerable<string> known) =>
        new("FV030", at, $"found \"{found}\", expected an aggregation{NearestName.Phrase(found, known)}");

    public static Diagnostic NoAggregation(SourcePosition at, string feature, IEnumerable<string> known) =>
        new("FV031", at, $"the feature \"{feature}\" has no aggregation, expected one of {string.Join(", ", known)}");

    public static Diagnostic SeveralAggregations(SourcePosition at, string found, string first) =>
        new("FV032", at, $"found a second aggregation, \"{found}\" besides \"{first}\", expected one; declare two features");

    public static Diagnostic InputCount(SourcePosition at, string aggregation, int found, int expected) =>
        new("FV033", at, $"{aggregation} is given {Inputs(found)}, expected {Inputs(expected)}");

    public static Diagnostic InputType(SourcePosition at, string aggregation, FieldType found, IEnumerable<FieldType> expected) =>
        new(
            "FV034",
            at,
            $"{aggregation} is given a {NameOf(found)}, expected {string.Join(" or ", expected.Select(type => $"a {NameOf(type)}"))}");

    public static Diagnostic StarNotAccepted(SourcePosition at, string aggregation) =>
        new("FV035", at, $"found \"*\", but {aggregation} needs to know of what; expected a field or an expression");

    public static Diagnostic OverNeeded(SourcePosition at, string aggregation) =>
        new("FV036", at, $"{aggregation} has no \"over\", but cannot run over a whole lifetime; expected for instance over = [7d, 30d]");

    public static Diagnostic MissingParameter(SourcePosition at, string aggregation, AggregationParameter parameter) =>
        new(
            "FV037",
            at,
            $"{aggregation} needs its parameter \"{parameter.Name}\", expected for instance {parameter.Name} = " +
            $"{Number(Middle(parameter))}");

    public static Diagnostic ParameterOutOfRange(SourcePosition at, AggregationParameter parameter, double found) =>
        new("FV038", at, $"\"{parameter.Name}\" is {Number(found)}, expected {Number(parameter.Minimum)} to {Number(parameter.Maximum)}");

    public static Diagnostic DefaultOfText(SourcePosition at, string feature) =>
        new("FV040", at, $"the feature \"{feature}\" is a text and has no default; remove \"default\"");

    public static Diagnostic DuplicateFeature(SourcePosition at, string fullName) =>
        new("FV041", at, $"\"{fullName}\" comes of another feature and its window already; rename one");

    public static Diagnostic LifetimeOfCorrections(SourcePosition at, string feature, string topic) =>
        new(
            "FV042",
            at,
            $"the feature \"{feature}\" has no \"over\", but events of {topic} correct earlier ones (corrects-by), and a lifetime " +
            "cannot give back what it has taken in; expected for instance over = [30d]");

    public static Diagnostic RequestOfCorrections(SourcePosition at, string topic, string service) =>
        new(
            "FV043",
            at,
            $"the topic \"{topic}\" has \"corrects-by\" and no \"duplicates\", but requests of the service \"{service}\" are events of " +
            "it: a request that was posted before would count twice; expected duplicates { horizon = 7d } beside it, or no corrects-by");

    // FV050-FV059: expressions.
    public static Diagnostic ExpressionUnexpected(SourcePosition at, string found, string expected) =>
        new("FV050", at, $"found {found}, expected {expected}");

    public static Diagnostic TextUnclosed(SourcePosition at, string quote) =>
        new("FV051", at, $"the text that starts here is never closed, expected {quote} (a quote inside a text is doubled)");

    public static Diagnostic UnknownFunction(SourcePosition at, string found, IEnumerable<string> known) =>
        new("FV052", at, $"found \"{found}(\", expected a function{NearestName.Phrase(found, known)}");

    public static Diagnostic ArgumentCount(SourcePosition at, string usage, int found) =>
        new("FV053", at, string.Create(CultureInfo.InvariantCulture, $"found {found} argument{(found == 1 ? "" : "s")}, expected {usage}"));

    public static Diagnostic OperandType(SourcePosition at, string of, FieldType found, string expected) =>
        new("FV054", at, $"{of} is given a {NameOf(found)}, expected {expected}");

    public static Diagnostic WhereNotFlag(SourcePosition at, FieldType found) =>
        new("FV055", at, $"\"where\" is a {NameOf(found)}, expected a flag such as amount > 0");

    public static Diagnostic ExpressionTooLong(SourcePosition at, string limit) =>
        new("FV056", at, $"the expression is larger than {limit}; split it, or compute part of it upstream");

    // FV060-FV069: services.
    public static Diagnostic UnknownFeature(SourcePosition at, string found, string expected, IEnumerable<string> known) =>
        new("FV060", at, $"found \"{found}\", expected {expected}{NearestName.Phrase(found, known)}");

    public static Diagnostic WindowMissing(SourcePosition at, string found, IEnumerable<string> known) =>
        new("FV061", at, $"found \"{found}\", expected it with its window: {string.Join(", ", known)}");

    public static Diagnostic RequestUnclear(SourcePosition at, string service, IEnumerable<string> sources) =>
        new(
            "FV062",
            at,
            $"\"{service}\" reads \"request\", expected a key such as request = {sources.Append("transactions").First()} to say what " +
            "that is");

    public static Diagnostic TextInVector(SourcePosition at, string found) =>
        new(
            "FV063",
            at,
            $"\"{found}\" is a text, expected a number, flag or time; derive one, such as \"if(request.channel == 'online', 1, 0)\"");

    public static Diagnostic TextFeatureInExpression(SourcePosition at, string found) =>
        new("FV064", at, $"\"{found}\" is a text feature, expected a number, flag or time in a derived feature");

    public static Diagnostic DerivedTooEarly(SourcePosition at, string found, string user) =>
        new("FV065", at, $"\"{found}\" is not declared before \"{user}\"; derived features may use earlier ones only, move it up");

    public static Diagnostic DerivedUnused(SourcePosition at, string name) =>
        new("FV066", at, $"the derived feature \"{name}\" is never used; add it to \"features\" or remove it");

    public static Diagnostic DuplicateElement(SourcePosition at, string name) =>
        new("FV067", at, $"\"{name}\" is in the feature vector already; remove one");

    public static Diagnostic EntityUnclear(SourcePosition at, string entity, string view, string key, string otherView, string otherKey) =>
        new(
            "FV068",
            at,
            $"a request names one {entity}, but \"{view}\" is keyed by {key} and \"{otherView}\" by {otherKey}; give one of them an " +
            "entity of its own");

    public static Diagnostic EntityUnnamed(
        SourcePosition at, string view, string key, string entity, EventSource request, IEnumerable<string> sources) =>
        new(
            "FV069",
            at,
            $"the service reads \"{view}\", but a request of {request.Name} has no text field {key} that names the {entity}; " +
            $"{NameIt(view, request, sources)}");

    /// <summary>The word for a type in messages.</summary>
    public static string NameOf(FieldType type) => type switch
    {
        FieldType.Number => "number",
        FieldType.Flag => "flag",
        FieldType.Text => "text",
        _ => "time",
    };

    private static string NameIt(string view, EventSource request, IEnumerable<string> sources) => string.Join(" or ", sources) switch
    {
        "" => $"key \"{view}\" by a text field of {request.Name}, or leave its features out",
        var names => $"set request = {names}, key \"{view}\" by a text field of {request.Name}, or leave its features out",
    };

    private static string Inputs(int count) => count == 1 ? "1 input" : string.Create(CultureInfo.InvariantCulture, $"{count} inputs");

    private static double Middle(AggregationParameter parameter) =>
        double.IsFinite(parameter.Maximum - parameter.Minimum)
            ? Math.Ceiling((parameter.Minimum + parameter.Maximum) / 2)
            : parameter.Minimum;

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
