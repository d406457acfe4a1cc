namespace Streaming.Node;

/// <summary>Everything that the node logs. Routes are logged by their pattern, never by their path, which may hold an entity key.</summary>
internal static partial class NodeLog
{
    [LoggerMessage(1, LogLevel.Error, "{Method} {Route} failed")]
    public static partial void RequestFailed(ILogger logger, string method, string? route, Exception exception);

    [LoggerMessage(2, LogLevel.Warning, "The event log failed: {Reason} (and {Others} more times since the last such line)")]
    public static partial void LogFailed(ILogger logger, string reason, long others);

    [LoggerMessage(3, LogLevel.Information, "Scoring with {Model} on the feature service {Service}")]
    public static partial void ModelReady(ILogger logger, string model, string service);

    [LoggerMessage(4, LogLevel.Warning, "The model {Model} cannot score, so its declared fallback answers: {Fault}")]
    public static partial void ModelMissing(ILogger logger, string model, string? fault);

    [LoggerMessage(9, LogLevel.Information, "{Before} was swapped for {After}, from {File}")]
    public static partial void ModelSwapped(ILogger logger, string before, string after, string file);

    [LoggerMessage(12, LogLevel.Warning, "The registry's champion of {Model} is not served: {Reason}")]
    public static partial void ChampionRefused(ILogger logger, string model, string reason);

    [LoggerMessage(10, LogLevel.Warning, "The circuit of the entity type {Entity} is {State}: while it is open, declared fallbacks answer")]
    public static partial void CircuitChanged(ILogger logger, string entity, string state);

    [LoggerMessage(11, LogLevel.Error, "{From} was taken back and {To} answers again: {Reason}")]
    public static partial void RolledBack(ILogger logger, string from, string to, string reason);

    [LoggerMessage(8, LogLevel.Debug, "{Method} {Route}: the client went away: {Reason}")]
    public static partial void ClientGone(ILogger logger, string method, string? route, string reason);

    [LoggerMessage(5, LogLevel.Warning, "The schema registry does not answer: {Reason}")]
    public static partial void RegistryUnavailable(ILogger logger, string reason);

    [LoggerMessage(7, LogLevel.Warning, "Schemas may change in ways that break a replay: {Advice}")]
    public static partial void RegistryAdvice(ILogger logger, string advice);
}
