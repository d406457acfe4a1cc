using Microsoft.Extensions.Logging;

namespace Streaming.Scoring.ScoreLogs;

/// <summary>The log messages of the score log.</summary>
internal static partial class ScoreLogMessages
{
    [LoggerMessage(6, LogLevel.Warning, "Scores could not be logged: {Reason} (and {Others} more times since the last such line)")]
    public static partial void ScoresNotLogged(ILogger logger, string reason, long others);

    [LoggerMessage(8, LogLevel.Error, "Scores could not be logged")]
    public static partial void ScoreLogFault(ILogger logger, Exception exception);
}
