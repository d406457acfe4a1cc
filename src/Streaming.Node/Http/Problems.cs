using System.Collections.Immutable;
using System.Globalization;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Hocon;
using Streaming.Scoring.Requests;
using Streaming.Scoring.Turns;

namespace Streaming.Node.Http;

/// <summary>
/// Every problem of a request; docs/http-api.md lists them. One place, so that texts and statuses agree. Those that are the node's own are
/// <see cref="NodeProblems"/>.
/// </summary>
internal static class Problems
{
    public static Problem Of(RequestFault fault, string prefix = "") => fault.Kind switch
    {
        RequestFaultKind.MalformedJson => new(400, "malformed-json", "The body is not JSON", prefix + fault.Detail),
        RequestFaultKind.NotAnObject => new(400, "wrong-shape", "The body has the wrong shape", prefix + fault.Detail),
        RequestFaultKind.UnknownField => Invalid("unknown-field", "There is no such field", fault, prefix),
        RequestFaultKind.MissingField => Invalid("missing-field", "A field is missing", fault, prefix),
        RequestFaultKind.DuplicateField => Invalid("duplicate-field", "A field is given twice", fault, prefix),
        _ => Invalid("invalid-value", "A field's value is invalid", fault, prefix),
    };

    /// <summary>The problem of a turn that has no answer.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="outcome">Its outcome; not <see cref="TurnOutcome.Answered"/> or <see cref="TurnOutcome.Unread"/>.</param>
    /// <param name="prefix">Which of several requests it is; empty for the only one.</param>
    public static Problem Of(ScoreTurn turn, TurnOutcome outcome, string prefix = "") => outcome switch
    {
        TurnOutcome.Refused => Of(turn.Fault!, prefix),
        TurnOutcome.TooOld => Prefixed(TooOld(turn.FailedEntity, turn.At, turn.TimeField), prefix),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "a turn that is answered, or not ended, is no problem"),
    };

    public static Problem EmptyBody { get; } = new(
        400, "malformed-json", "The body is not JSON", "The body is empty, expected JSON; /scalar has a sample for every route.");

    public static Problem WrongShape(string detail) => new(400, "wrong-shape", "The body has the wrong shape", detail);

    /// <param name="found">The name.</param>
    /// <param name="path">Where it stands, with a dot at its end; empty for the body itself.</param>
    /// <param name="known">The names that can stand there.</param>
    public static Problem UnknownField(string found, string path, params string[] known) => Wrong(
        "unknown-field",
        "There is no such field",
        $"\"{Excerpt.Of(found)}\" is not a field here{NearestName.Phrase(found, known, ", expected ")}",
        path + Excerpt.Of(found));

    public static Problem MissingField(string field, string sample) =>
        Wrong("missing-field", "A field is missing", $"\"{field}\" is missing, expected for instance {sample}", field);

    public static Problem WrongValue(string field, string fault) =>
        Wrong("invalid-value", "A field's value is invalid", $"\"{field}\" {fault}", field);

    public static Problem DuplicateField(string field) =>
        Wrong("duplicate-field", "A field is given twice", $"\"{field}\" is given twice; give it once", field);

    public static Problem InvalidTime(string found) => Wrong(
        "invalid-time", "A time cannot be read", $"\"at\" is \"{Excerpt.Of(found)}\", expected {Instants.Expected}", "at");

    public static Problem UnknownParameter(string found, params string[] known) => Wrong(
        "unknown-parameter",
        "There is no such query parameter",
        $"\"{Excerpt.Of(found)}\" is not a parameter here, {QueryParameters.Expected(known)}",
        Excerpt.Of(found));

    public static Problem DuplicateParameter(string name, int times) => Wrong(
        "duplicate-parameter",
        "A query parameter is given more than once",
        string.Create(CultureInfo.InvariantCulture, $"\"{name}\" is given {times} times; give it once"),
        name);

    public static Problem UnknownEntity(string found, IReadOnlyList<string> known, string field) => new(
        404,
        "unknown-entity",
        "There is no such entity type",
        $"\"{Excerpt.Of(found)}\" is not an entity type{NearestName.Phrase(found, known, ", expected ")}")
    {
        Field = field,
    };

    public static Problem InvalidBudget(string found) => new(
        400,
        "invalid-header",
        "A header's value is invalid",
        $"X-Request-Budget-Ms is \"{Excerpt.Of(found)}\", expected a whole number of milliseconds, not below 0, once");

    public static Problem UnknownModel(string found, IReadOnlyList<string> known) => new(
        404,
        "unknown-model",
        "There is no such model",
        $"\"{Excerpt.Of(found)}\" is not a model{NearestName.Phrase(found, known, ", expected ")}")
    {
        Field = "model",
    };

    public static Problem UnknownTopic(string found, IReadOnlyList<string> known) => new(
        404,
        "unknown-topic",
        "There is no such topic",
        $"\"{Excerpt.Of(found)}\" is not a topic that takes events{NearestName.Phrase(found, known, ", expected ")}")
    {
        Field = "topic",
    };

    public static Problem TooMany(int found, int limit, string what, string setting) => new(
        413, "too-many", "There is too much in one request", string.Create(
            CultureInfo.InvariantCulture, $"{found} {what} in one request, at most {limit} are taken ({setting}); split them up"));

    public static Problem TooOld(string entity, EventTime at, string? field) => new(
        422, "too-old", "The read time is too far back", string.Create(
            CultureInfo.InvariantCulture,
            $"{at} is more than {ViewPlan.ReadBackMillis / 3_600_000} h before the newest event of the {entity}, or before what the node " +
            $"remembers of any (streaming.engine.memory.forget-after); what such a read needs may be gone. Read at a later time, or use " +
            $"backfill."))
    {
        Field = field,
    };

    public static Problem InvalidEvents(ImmutableArray<string> faults) => new(
        422, "invalid-event", "An event is invalid", "Nothing was appended; correct what \"faults\" lists and send all events again.")
    {
        Faults = faults,
    };

    public static Problem UnknownHost(string found, bool isLoopback) => new(
        421, "unknown-host", "The node does not have this host name",
        $"Host is \"{Excerpt.Of(found)}\", expected {(isLoopback ? "localhost or 127.0.0.1" : "an address of the node")} or a name of " +
        "streaming.http.hosts.");

    public static Problem ForeignOrigin(string header, string found) => new(
        403, "foreign-origin", "Pages of this origin may not write",
        $"{header} is \"{Excerpt.Of(found)}\", expected the node's own or one of streaming.http.origins.");

    private static Problem Invalid(string name, string title, RequestFault fault, string prefix) =>
        Wrong(name, title, prefix + fault.Detail, fault.Field);

    private static Problem Wrong(string name, string title, string detail, string? field) =>
        new(400, name, title, detail) { Field = field };

    private static Problem Prefixed(Problem problem, string prefix) => problem with { Detail = prefix + problem.Detail };
}
