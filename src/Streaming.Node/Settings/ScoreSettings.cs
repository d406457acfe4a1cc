using Streaming.Scoring.ScoreLogs;

namespace Streaming.Node.Settings;

/// <summary>The keys under <c>streaming.score</c>.</summary>
public sealed record ScoreSettings(
    int BatchLimit, bool Log, int LogQueueLimit, int LogQueueBytesMax, TimeSpan LogLinger, TimeSpan LogFlushTimeout)
{
    /// <summary>The most that a request may ask for as its budget.</summary>
    public required TimeSpan BudgetMax { get; init; }

    /// <summary>Requests that wait to be scored by challengers.</summary>
    public required int ShadowQueueLimit { get; init; }

    internal ScoreLogSettings LogSettings => new(LogQueueLimit, LogQueueBytesMax, LogLinger, LogFlushTimeout);

    internal static ScoreSettings Read(SettingsReader reader) => new(
        reader.WholeNumber("streaming.score.batch-limit", 1, 100_000),
        reader.Flag("streaming.score.log"),
        reader.WholeNumber("streaming.score.log-queue-limit", 1, 1_000_000),
        reader.WholeNumber("streaming.score.log-queue-bytes-max", 1024, int.MaxValue),
        reader.Duration("streaming.score.log-linger", TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1)),
        reader.Duration("streaming.score.log-flush-timeout", TimeSpan.Zero, TimeSpan.FromMinutes(1)))
    {
        BudgetMax = reader.Duration("streaming.score.budget-max", TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10)),
        ShadowQueueLimit = reader.WholeNumber("streaming.score.shadow-queue-limit", 1, 1_000_000),
    };
}
