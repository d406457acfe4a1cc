namespace Streaming.Node.Http;

/// <summary>Every problem that is the node's own, or of what it needs; docs/http-api.md lists them.</summary>
internal static class NodeProblems
{
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

    public static Problem LogUnavailable(string detail) => new(
        503, "log-unavailable", "The event log cannot take events now", detail)
    {
        RetryAfterSeconds = 1,
    };

    public static Problem NoBaseline(string model) => new(
        404, "no-baseline", "There is nothing to compare with",
        $"The file of {model} does not say how its features were distributed in training, or streaming.drift.enabled is off. " +
        "streaming train writes files that say so.");

    public static Problem Internal { get; } = new(
        500, "internal", "The node failed", "The node failed for a reason of its own; its log has the details. Trying again may not help.");
}
