using Microsoft.Extensions.Logging;

namespace Streaming.Scoring.ScoreLogs;

/// <summary>What the score log says to operators.</summary>
internal static partial class ScoreLogMessages
{
    [LoggerMessage(6, LogLevel.Warning, "Scores could not be logged: {Reason} (and {Others} times more since this was said last)")]
    public static partial void ScoresNotLogged(ILogger logger, string reason, long others);

    [LoggerMessage(8, LogLevel.Error, "Scores could not be logged")]
    public static partial void ScoreLogFault(ILogger logger, Exception exception);
}
