namespace Streaming.Scoring.Drift;

/// <summary>What a feature or score is like now, beside its baseline. Distances are NaN where one side has no values.</summary>
/// <param name="Name">The feature's name, or <c>score</c>.</param>
/// <param name="Rows">Rows of the window, those without a value included.</param>
/// <param name="Psi">Population stability index of the bins and what lies outside them.</param>
/// <param name="Bound">The index that the baseline's own chunks stay below in a window of this size.</param>
/// <param name="JensenShannon">Distance to the base 2, 0 to 1, over the same cells.</param>
/// <param name="KolmogorovSmirnov">0 to 1, over the same cells; NaN for categories.</param>
/// <param name="Wasserstein">In standard deviations of the baseline; NaN for categories.</param>
/// <param name="OutsideRate">Share of values that training has not: below or above all of it, or another category.</param>
/// <param name="MissingRate">Share of rows without a value.</param>
/// <param name="BaselineMissingRate">The same in training.</param>
/// <param name="MissingPsi">Population stability index of missing against present.</param>
/// <param name="Level">The verdict: of the values' index, or of the missing ones', whichever is worse.</param>
public sealed record DriftFinding(
    string Name,
    long Rows,
    double Psi,
    double Bound,
    double JensenShannon,
    double KolmogorovSmirnov,
    double Wasserstein,
    double OutsideRate,
    double MissingRate,
    double BaselineMissingRate,
    double MissingPsi,
    DriftLevel Level);
