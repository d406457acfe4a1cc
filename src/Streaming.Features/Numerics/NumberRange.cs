namespace Streaming.Features.Numerics;

/// <summary>
/// Which numbers events may carry and aggregations take: zero, and those whose magnitude is from 2^-108 (3.1e-33) to 2^53 (9.0e15).
/// Their sums are exact (docs/adr/0002-exact-sums.md). One rule for the node, ingest and backfill.
/// </summary>
public static class NumberRange
{
    /// <summary>The largest magnitude, 2^53.</summary>
    public const double MaxMagnitude = 9007199254740992.0;

    /// <summary>The smallest magnitude but zero, 2^-108.</summary>
    public const double MinMagnitude = 3.0814879110195774E-33;

    /// <summary>The rule in words.</summary>
    public const string Rule = "numbers must be 0, or from 2^-108 (3.1e-33) to 2^53 (9.0e15) in magnitude";

    /// <summary>Whether a number keeps to the rule; NaN, which is null, does not.</summary>
    public static bool Contains(double value) =>
        Math.Abs(value) is var magnitude && magnitude <= MaxMagnitude && (magnitude >= MinMagnitude || magnitude == 0);
}
