namespace Streaming.Node.Parity;

/// <summary>The log lines of the comparison of answers with the log.</summary>
internal static partial class ParityLog
{
    [LoggerMessage(
        50, LogLevel.Error, "Live parity: {What} of {Entity} at {At} was answered as {Answered}, and the log gives {Recomputed}")]
    public static partial void Mismatch(ILogger logger, string what, string entity, string at, string answered, string recomputed);

    [LoggerMessage(51, LogLevel.Warning, "Live parity: {Count} answers are not compared with the log: {Reason}")]
    public static partial void LogAway(ILogger logger, int count, string reason);

    [LoggerMessage(52, LogLevel.Error, "Live parity: {Count} answers could not be compared with the log")]
    public static partial void Failed(ILogger logger, int count, Exception failure);
}
