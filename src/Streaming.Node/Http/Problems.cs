using System.Collections.Immutable;
using System.Globalization;
using Streaming.Features.Events;
using Streaming.Features.Plans;
using Streaming.Hocon;
using Streaming.Scoring.Requests;
using Streaming.Scoring.Turns;

namespace Streaming.Node.Http;

/// <summary>Every problem that the API answers with; docs/http-api.md lists them. One place, so that texts and statuses agree.</summary>
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
        TurnOutcome.Unanswered => Prefixed(EntityTimeout, prefix),
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "a turn that is answered, or not ended, is no problem"),
    };

    public static Problem EmptyBody { get; } = new(
        400, "malformed-json", "The body is not JSON", "The body is empty, expected JSON; /scalar has a sample for every route.");

    public static Problem WrongShape(string detail) => new(400, "wrong-shape", "The body has the wrong shape", detail);

    /// <param name="found">The name.</param>
    /// <param name="path">Where it stands, with a dot at its end; empty for the body itself.</param>
    /// <param name="known">The names that can stand there.</param>
    public static Problem UnknownField(string found, string path, params string[] known) => new(
        400,
        "unknown-field",
        "There is no such field",
        $"\"{Excerpt.Of(found)}\" is not a field here{NearestName.Phrase(found, known, ", expected ")}")
    {
        Field = path + Excerpt.Of(found),
    };

    public static Problem MissingField(string field, string sample) => new(
        400, "missing-field", "A field is missing", $"\"{field}\" is missing, expected for instance {sample}")
    {
        Field = field,
    };

    public static Problem WrongValue(string field, string fault) => new(
        400, "invalid-value", "A field's value is invalid", $"\"{field}\" {fault}")
    {
        Field = field,
    };

    public static Problem DuplicateField(string field) => new(
        400, "duplicate-field", "A field is given twice", $"\"{field}\" is given twice; give it once")
    {
        Field = field,
    };

    public static Problem InvalidTime(string found) => new(
        400, "invalid-time", "A time cannot be read", $"\"at\" is \"{Excerpt.Of(found)}\", expected {Instants.Expected}")
    {
        Field = "at",
    };

    public static Problem UnknownParameter(string found, params string[] known) => new(
        400,
        "unknown-parameter",
        "There is no such query parameter",
        $"\"{Excerpt.Of(found)}\" is not a parameter here{NearestName.Phrase(found, known, ", expected ")}")
    {
        Field = Excerpt.Of(found),
    };

    public static Problem DuplicateParameter(string name, int times) => new(
        400, "duplicate-parameter", "A query parameter is given more than once", string.Create(
            CultureInfo.InvariantCulture, $"\"{name}\" is given {times} times; give it once"))
    {
        Field = name,
    };

    public static Problem UnknownEntity(string found, IReadOnlyList<string> known, string field) => new(
        404,
        "unknown-entity",
        "There is no such entity type",
        $"\"{Excerpt.Of(found)}\" is not an entity type{NearestName.Phrase(found, known, ", expected ")}")
    {
        Field = field,
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

    public static Problem CatchingUp(Action<System.Text.Json.Utf8JsonWriter> partitions) => new(
        503,
        "catching-up",
        "The node is catching up",
        "The node is reading what the log held when it started, and then compacts its memory; \"partitions\" shows the progress. " +
        "Try again later.")
    {
        Extend = partitions,
        RetryAfterSeconds = 1,
    };

    public static Problem EngineGone(string fault) => new(
        503,
        "engine-gone",
        "The engine cannot go on",
        $"{char.ToUpperInvariant(fault[0])}{fault[1..]}. Until then it takes no events, and answers say that their features are stale.");

    public static Problem EntityTimeout { get; } = new(
        503, "entity-timeout", "An entity did not answer in time",
        "An entity that the request needs did not answer within streaming.engine.read-timeout; try again.")
    {
        RetryAfterSeconds = 1,
    };

    public static Problem TooManyRequests { get; } = new(
        503, "too-many-requests", "The node is overloaded",
        "The node already handles as many requests as streaming.http.max-requests allows; try again.")
    {
        RetryAfterSeconds = 1,
    };

    public static Problem TooManyBytes { get; } = new(
        503, "too-many-bytes", "The node is overloaded",
        "The requests under way already hold as many bytes as streaming.http.max-bytes-in-flight allows; try again, or send less at once.")
    {
        RetryAfterSeconds = 1,
    };

    public static Problem UnknownHost(string found, bool isLoopback) => new(
        421, "unknown-host", "The node does not have this host name",
        $"Host is \"{Excerpt.Of(found)}\", expected {(isLoopback ? "localhost or 127.0.0.1" : "an address of the node")} or a name of " +
        "streaming.http.hosts.");

    public static Problem ForeignOrigin(string header, string found) => new(
        403, "foreign-origin", "Pages of this origin may not write",
        $"{header} is \"{Excerpt.Of(found)}\", expected the node's own or one of streaming.http.origins.");

    public static Problem LogUnavailable(string detail) => new(
        503, "log-unavailable", "The event log cannot take events now", detail)
    {
        RetryAfterSeconds = 1,
    };

    public static Problem Internal { get; } = new(
        500, "internal", "The node failed", "The node failed for a reason of its own; its log has the details. Trying again may not help.");

    private static Problem Invalid(string name, string title, RequestFault fault, string prefix) =>
        new(400, name, title, prefix + fault.Detail)
        {
            Field = fault.Field,
        };

    private static Problem Prefixed(Problem problem, string prefix) => problem with { Detail = prefix + problem.Detail };
}
