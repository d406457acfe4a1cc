namespace Streaming.Features.Numerics;

/// <summary>
/// Which numbers events may carry and aggregations take: finite ones of at most 2^53 in magnitude, whose sums are exact
/// (docs/adr/0002-exact-sums.md). One rule for the node, ingest and backfill.
/// </summary>
public static class NumberRange
{
    /// <summary>The largest magnitude, 2^53.</summary>
    public const double MaxMagnitude = 9007199254740992.0;

    /// <summary>The rule in words.</summary>
    public const string Rule = "numbers must be finite and at most 2^53 in magnitude";

    /// <summary>Whether a number keeps to the rule; NaN, which is null, does not.</summary>
    public static bool Contains(double value) => Math.Abs(value) <= MaxMagnitude;
}
