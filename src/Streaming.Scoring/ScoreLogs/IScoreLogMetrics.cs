namespace Streaming.Scoring.ScoreLogs;

/// <summary>Counts what becomes of answers on their way to the log. Thread-safe.</summary>
public interface IScoreLogMetrics
{
    /// <summary>Answers were written.</summary>
    void ScoreEventsLogged(int count);

    /// <summary>Answers were not written, because the log could not take them in time.</summary>
    void ScoreEventsDropped(int count);
}
