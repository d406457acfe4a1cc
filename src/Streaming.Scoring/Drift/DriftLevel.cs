namespace Streaming.Scoring.Drift;

/// <summary>How far a feature or score has moved.</summary>
public enum DriftLevel
{
    /// <summary>Not judged: fewer than <see cref="DriftBound.RowsMin"/> rows.</summary>
    TooFewRows,

    /// <summary>As in training.</summary>
    None,

    /// <summary>The index is above <see cref="DriftBound.Moderate"/> and above the bound of the baseline.</summary>
    Moderate,

    /// <summary>The index is above <see cref="DriftBound.Significant"/> and above the bound of the baseline.</summary>
    Significant,
}
