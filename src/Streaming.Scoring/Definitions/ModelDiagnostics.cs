using System.Globalization;
using Streaming.Features.Events;
using Streaming.Hocon;

namespace Streaming.Scoring.Definitions;

/// <summary>
/// Every text about a mistake in a model definition that the language's own diagnostics do not cover. Codes never change their meaning.
/// </summary>
internal static class ModelDiagnostics
{
    public static Diagnostic UnknownDeclaration(SourcePosition at, string found) =>
        new("MD001", at, $"found \"{found}\", expected \"model NAME\" or \"training NAME\"");

    public static Diagnostic DuplicateModel(SourcePosition at, string name, SourcePosition first) =>
        new("MD002", at, $"the model \"{name}\" is declared at {first} already; rename or remove one");

    public static Diagnostic ChampionMissing(SourcePosition at, IEnumerable<string> models) =>
        new(
            "MD003",
            at,
            $"no model is the champion, which answers POST /score; write \"champion = true\" in one of {string.Join(", ", models)}");

    public static Diagnostic SecondChampion(SourcePosition at, string name, string first, SourcePosition firstAt) =>
        new("MD004", at, $"\"{name}\" is the champion, but so is \"{first}\" at {firstAt}; only one model answers POST /score");

    public static Diagnostic UnknownService(SourcePosition at, string found, IReadOnlyList<string> known) =>
        new("MD005", at, $"found the feature service \"{found}\", expected a declared one{NearestName.Phrase(found, known)}");

    public static Diagnostic NotInUnitInterval(SourcePosition at, string key, double found) =>
        new("MD006", at, string.Create(CultureInfo.InvariantCulture, $"\"{key}\" is {found}, expected a score from 0 to 1"));

    public static Diagnostic ThresholdsOutOfOrder(SourcePosition at, double review, double decline) =>
        new(
            "MD007",
            at,
            string.Create(
                CultureInfo.InvariantCulture,
                $"review = {review} is above decline = {decline}, so no request is ever reviewed; swap them"));

    public static Diagnostic UnknownDecision(SourcePosition at, string found) =>
        new(
            "MD008",
            at,
            $"found \"{found}\", expected approve, review or decline" +
            NearestName.Phrase(found, ["approve", "review", "decline"], lead: null));

    public static Diagnostic UnknownRequestField(SourcePosition at, string found, EventSource? request) =>
        new("MD009", at, $"found \"{found}\", " + (request is null
            ? "but the feature service has no request; name its source with \"request = SOURCE\" in the service"
            : $"expected a field of {request.Name}{NearestName.Phrase(found, request.Fields.Select(field => field.Name))}"));

    public static Diagnostic WrongFieldType(SourcePosition at, string field, FieldType found, string expected) =>
        new("MD010", at, $"\"{field}\" is a {found}, expected {expected}");

    public static Diagnostic TooManyReasons(SourcePosition at, int limit) =>
        new("MD011", at, string.Create(CultureInfo.InvariantCulture, $"more than {limit} reasons; remove some"));
}
