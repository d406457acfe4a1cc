namespace Streaming.Scoring.Turns;

/// <summary>The outcome of a <see cref="ScoreTurn"/>: every way in which a request can end, or that it has not ended yet.</summary>
public enum TurnOutcome
{
    /// <summary>Scored: the answer is in <see cref="ScoreTurn.Answer"/>.</summary>
    Answered,

    /// <summary>Not ended: some entities are not in memory here; <see cref="ScoreTurn.AskAsync"/> asks them.</summary>
    Unread,

    /// <summary>The request is wrong; <see cref="ScoreTurn.Fault"/> says why.</summary>
    Refused,

    /// <summary>The read time is further back than the state of <see cref="ScoreTurn.FailedEntity"/> reaches.</summary>
    TooOld,
}
