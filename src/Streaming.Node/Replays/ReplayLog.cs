namespace Streaming.Node.Replays;

/// <summary>The log lines of replays.</summary>
internal static partial class ReplayLog
{
    [LoggerMessage(40, LogLevel.Information, "Generation {Generation} is built from the log, beside the one that answers")]
    public static partial void Building(ILogger logger, long generation);

    [LoggerMessage(41, LogLevel.Information, "Generation {Generation} answers from now on")]
    public static partial void Switched(ILogger logger, long generation);

    [LoggerMessage(42, LogLevel.Error, "Generation {Generation} was not built; the one before answers on")]
    public static partial void Failed(ILogger logger, long generation, Exception failure);

    [LoggerMessage(46, LogLevel.Information, "Nothing is built: {Reason}")]
    public static partial void NotBegun(ILogger logger, string reason);

    [LoggerMessage(43, LogLevel.Information, "Generation {Generation} is deleted from the store of snapshots")]
    public static partial void Deleted(ILogger logger, long generation);

    [LoggerMessage(44, LogLevel.Warning, "A generation that nobody needs is left in the store of snapshots until later: {Reason}")]
    public static partial void NotDeleted(ILogger logger, string reason);

    [LoggerMessage(
        45,
        LogLevel.Warning,
        "The engine of the generation that was replaced has not ended in time ({Reason}): its memory is given back with the node's end")]
    public static partial void NotRetired(ILogger logger, string reason);
}
