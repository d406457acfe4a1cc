namespace Streaming.Node.Upkeep;

/// <summary>What the upkeep of the log says.</summary>
internal static partial class UpkeepLog
{
    [LoggerMessage(1, LogLevel.Warning, "Retention: {Advice}")]
    public static partial void KafkaKeepsTooLittle(ILogger logger, string advice);

    [LoggerMessage(2, LogLevel.Information, "Retention deleted {Count} records of {Topic}; it begins at {FirstOffsets} now")]
    public static partial void Deleted(ILogger logger, long count, string topic, string firstOffsets);

    [LoggerMessage(3, LogLevel.Information, "Retention keeps more of {Topic} than its limits: {Reason}")]
    public static partial void Held(ILogger logger, string topic, string reason);

    [LoggerMessage(4, LogLevel.Warning, "The log could not be measured, and old records were not deleted: {Reason}; it is tried again")]
    public static partial void Failed(ILogger logger, string reason);
}
