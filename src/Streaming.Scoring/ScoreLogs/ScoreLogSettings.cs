namespace Streaming.Scoring.ScoreLogs;

/// <summary>How answers are logged.</summary>
/// <param name="QueueLimit">Answers that wait to be written; further ones are not logged but counted.</param>
/// <param name="QueueBytesLimit">Bytes of texts of the requests that wait; the same.</param>
/// <param name="Linger">How long the writer waits for more answers before it appends what there is.</param>
/// <param name="FlushTimeout">How long writing what is queued may take at the end.</param>
public sealed record ScoreLogSettings(int QueueLimit, long QueueBytesLimit, TimeSpan Linger, TimeSpan FlushTimeout);
