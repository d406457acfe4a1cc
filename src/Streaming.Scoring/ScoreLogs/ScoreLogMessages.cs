using Microsoft.Extensions.Logging;

namespace Streaming.Scoring.ScoreLogs;

/// <summary>What the score log says to operators.</summary>
internal static partial class ScoreLogMessages
{
    [LoggerMessage(6, LogLevel.Warning, "Scores could not be logged (retriable: {Retriable})")]
    public static partial void ScoresNotLogged(ILogger logger, bool retriable, Exception exception);
}
